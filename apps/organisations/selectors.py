from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from apps.core.prepared import fetch
from apps.organisations.models import Organisation, PlatformProfile
from apps.organisations.obligations import Obligation, obligations_of
from apps.taxonomy.territories import EEA


@dataclass(frozen=True, slots=True)
class Route:
    """Where addresses under one host suffix go."""

    host: str
    platform_id: int
    platform_slug: str
    platform_name: str


_ROUTES = """
SELECT d.host, o.id, o.slug, o.name FROM organisations_domain d
  JOIN organisations_organisation o ON o.id = d.platform_id AND o.is_active
  LEFT JOIN organisations_organisation me ON me.id = %(by)s::bigint
 WHERE d.host = ANY(%(hosts)s::text[]) AND o.sandbox_of_id IS NOT DISTINCT FROM me.sandbox_of_id
"""


def routes(hosts: Iterable[str], *, by: int | None = None) -> Mapping[str, Route]:
    """The directory's entries for these host suffixes, in one query: `{suffix: Route}`, unknown ones left out.

    Give every suffix of every host; the caller takes the longest that is there. `by`: the organisation that asks; a
    sandbox sees its own hosts alone, and nobody else sees those.
    """
    wanted = list(set(hosts))
    if not wanted:
        return {}
    return {row[0]: Route(*row) for row in fetch(_ROUTES, {"hosts": wanted, "by": by})}


def duties_of(platform: Organisation, *, on: date) -> Sequence[Obligation]:
    """What the law asks of a platform whose profile is loaded; nothing where nobody has said what it is."""
    profile: PlatformProfile | None = getattr(platform, "platform", None)
    if profile is None:
        return []
    return obligations_of(
        profile.service_type,
        profile.size_class,
        on=on,
        size_lost_on=profile.size_lost_on,
        in_union=platform.country in EEA,
        spreads_to_the_public=profile.spreads_to_the_public,
    )

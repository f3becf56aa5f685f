from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from apps.core.prepared import fetch


@dataclass(frozen=True, slots=True)
class Route:
    """Where addresses under one host suffix go."""

    host: str
    platform_id: int
    platform_slug: str
    platform_name: str


_ROUTES = """
SELECT d.host, o.id, o.slug, o.name FROM organisations_domain d
  JOIN organisations_organisation o ON o.id = d.platform_id AND o.is_active WHERE d.host = ANY(%s::text[])
"""


def routes(hosts: Iterable[str]) -> Mapping[str, Route]:
    """The directory's entries for these host suffixes, in one query: `{suffix: Route}`, unknown ones left out.

    Give every suffix of every host; the caller takes the longest that is there.
    """
    wanted = list(set(hosts))
    if not wanted:
        return {}
    return {row[0]: Route(*row) for row in fetch(_ROUTES, [wanted])}

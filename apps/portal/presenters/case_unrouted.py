"""Rows of a case that no platform answered for: whose platform is missing, and which could be filed by now."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from apps.organisations.hosts import registrable
from apps.organisations.selectors import routes
from apps.referrals.intake.addresses import Address, host_suffixes, read_address
from apps.referrals.models import Case, Leftover, Referral
from apps.referrals.services import Result

MOST_ROWS, MOST_HOSTS = 1000, 8
ENVELOPE = ("instrument", "area", "category", "urgency", "reasons", "language", "legal_basis", "tlp", "pap")


@dataclass(frozen=True, slots=True)
class Missing:
    host: str
    count: int


@dataclass(frozen=True, slots=True)
class Unrouted:
    """`ready`: addresses that have a platform by now; `envelope`: what the case said of its referrals, to file them."""

    missing: Sequence[Missing] = ()
    ready: Sequence[str] = ()
    envelope: Sequence[tuple[str, str]] = field(default_factory=tuple)

    @property
    def addresses(self) -> str:
        return "\n".join(self.ready)


def unrouted_of(case: Case, referrals: Sequence[Referral], *, hidden: bool) -> Unrouted:
    """Two queries where there are such rows, one where there are none. Hidden addresses stay out of the page."""
    rows = Leftover.objects.filter(case=case, result=Result.UNROUTED).order_by("row")
    given = [] if hidden else rows.values_list("given", flat=True)[:MOST_ROWS]
    found = [address for address in map(_address, given) if address is not None]
    if not found:
        return Unrouted()
    known = routes((suffix for one in found for suffix in host_suffixes(one.host)), by=case.organisation_id)
    ready = [one for one in found if any(suffix in known for suffix in host_suffixes(one.host))]
    missing = Counter(registrable(one.host) for one in found if one not in ready)
    return Unrouted(
        [Missing(host, count) for host, count in missing.most_common(MOST_HOSTS)],
        [one.raw for one in ready],
        _envelope(referrals),
    )


def _address(given: object) -> Address | None:
    text = str(given.get("url", "")) if isinstance(given, dict) else str(given)
    found = read_address(text)
    return found if isinstance(found, Address) else None


def _envelope(referrals: Sequence[Referral]) -> Sequence[tuple[str, str]]:
    if not referrals:
        return ()
    first = referrals[0]
    words = [(name, str(getattr(first, name))) for name in ENVELOPE]
    return [*words, *(("keywords", keyword) for keyword in first.keywords)]

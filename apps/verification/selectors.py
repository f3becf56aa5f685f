"""What is known of claimed removals: derived from looks each time it is asked, stored nowhere."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.db.models import Exists, OuterRef, Q

from apps.accounts.principal import Principal
from apps.referrals.models import Item
from apps.referrals.querysets import ItemQuerySet
from apps.referrals.transitions import ItemState
from apps.taxonomy.outcomes import Outcome
from apps.verification.findings import ABSENT, CLAIMS, Finding, Standing, confirms, contradicts
from apps.verification.models import Check, Checker, Recheck, Review
from apps.verification.querysets import ReviewQuerySet

RECENT = timedelta(days=90)
BY_PLACE = (Outcome.DISABLED_EU, Outcome.DISABLED_COUNTRIES)


class Decided(Protocol):
    """What is asked of an item."""

    pk: int
    outcome: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Verified:
    """Where a claim stands. `gone_at`: since when it has been verified gone; `seen_at`: when it was seen there last."""

    standing: Standing
    claimed_at: datetime
    gone_at: datetime | None = None
    seen_at: datetime | None = None
    looked_at: datetime | None = None


def verified_of(item: Decided, checks: Iterable[Check]) -> Verified | None:
    """What these looks, in their order, say about the item's claim; None where no removal is claimed."""
    if item.outcome not in CLAIMS or item.decided_at is None:
        return None
    found = Verified(Standing.NOT_VERIFIED, item.decided_at)
    for check in checks:
        if check.at >= item.decided_at:
            found = _after(found, check, item.outcome)
    return found


def _after(found: Verified, check: Check, outcome: str) -> Verified:
    standing, gone_at, seen_at = found.standing, found.gone_at, found.seen_at
    if confirms(check.finding, outcome):
        gone_at = gone_at if standing == Standing.VERIFIED_GONE else check.at
        standing = Standing.VERIFIED_GONE
    elif contradicts(check.finding, outcome):
        seen_at = check.at
        standing = Standing.BACK_AGAIN if gone_at else Standing.STILL_THERE
    return Verified(standing, found.claimed_at, gone_at, seen_at, check.at)


def standings_of(items: Sequence[Decided]) -> Mapping[int, Verified]:
    """By item, for those whose removal is claimed. One query, and none where nothing is."""
    claims = [item for item in items if item.outcome in CLAIMS]
    if not claims:
        return {}
    looks: Mapping[int, list[Check]] = defaultdict(list)
    for check in Check.objects.filter(item_id__in=[item.pk for item in claims]).order_by("at", "pk"):
        looks[check.item_id].append(check)
    found = {item.pk: verified_of(item, looks[item.pk]) for item in claims}
    return {pk: verified for pk, verified in found.items() if verified is not None}


def next_look_at(item: Item) -> datetime | None:
    """When the checker will look next, as far as that is planned. Of the sender alone: nobody else sees plans."""
    if item.decided_at is None:
        return None
    waiting = Recheck.objects.filter(item=item, claimed_at=item.decided_at, done_at=None)
    return waiting.order_by("due_at").values_list("due_at", flat=True).first()


def reviews(
    principal: Principal, *, states: Sequence[str], kind: str = "", search: str = "", platform: str = ""
) -> ReviewQuerySet:
    """What contradicts claims, as far as `principal` may see it, in no order yet."""
    rows = Review.objects.visible_to(principal).filter(state__in=states)
    asked = {"kind": kind, "recipient__slug": platform}
    rows = rows.filter(**{name: value for name, value in asked.items() if value})
    return rows.filter(_match(search, prefix="item__")) if search else rows


def unverified(principal: Principal, *, search: str = "", platform: str = "", at: datetime) -> ItemQuerySet:
    """Recent items whose removal is claimed and neither verified nor contradicted, in no order yet."""
    conclusive = Q(finding__in=[*ABSENT, Finding.STILL_THERE]) | Q(
        finding=Finding.GEO_BLOCKED, item__outcome__in=BY_PLACE
    )
    looks = Check.objects.filter(conclusive, item=OuterRef("pk"), at__gte=OuterRef("decided_at"))
    rows = Item.objects.visible_to(principal).filter(
        ~Exists(looks), state=ItemState.DECIDED, outcome__in=sorted(CLAIMS), filed_at__gte=at - RECENT
    )
    rows = rows.filter(recipient__slug=platform) if platform else rows
    return rows.filter(_match(search)) if search else rows


def switch_of(principal: Principal) -> Checker | None:
    """The acting organisation's switch, whichever way it stands; None where nobody ever touched it."""
    return Checker.objects.filter(organisation_id=principal.organisation_id).select_related("changed_by").first()


def _match(search: str, *, prefix: str = "") -> Q:
    words = search.strip()
    host = words.lower()
    facts = {"reference": words.upper(), "host": host, "host__endswith": f".{host}", "external_id": words}
    return Q(*[(f"{prefix}{name}", value) for name, value in facts.items()], _connector=Q.OR)

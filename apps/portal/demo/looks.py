"""Looks at claimed removals in demo data: most are gone, some cannot be told, a few are back."""

from datetime import datetime, timedelta

from apps.accounts.models import Membership
from apps.accounts.roles import Role
from apps.organisations.models import Organisation
from apps.referrals.models import Item, Referral
from apps.referrals.transitions import ItemState
from apps.taxonomy.areas import WITHOUT_MATERIAL
from apps.taxonomy.sharing import Pap
from apps.verification.findings import BY_COUNTRY, CLAIMS, Finding, Reason, confirms
from apps.verification.models import Check, Checker, Review, ReviewKind, Source
from apps.verification.styles import VERSION

LOOKED_AT = 60
FOUND = (
    (Finding.GONE, Reason.STATUS_404),
    (Finding.GONE, Reason.STATUS_404),
    (Finding.TOMBSTONE, Reason.REMOVAL_NOTICE),
    (Finding.GONE, Reason.STATUS_410),
    (Finding.SOFT_NOT_FOUND, Reason.NOT_FOUND_NOTICE),
    (Finding.GONE, Reason.STATUS_404),
    (Finding.LOGIN_WALL, Reason.SIGN_IN),
)
THERE = (Finding.STILL_THERE, Reason.PAGE)


def look_back(sender: Organisation, *, now: datetime) -> None:
    """Switch the checker on for a sender, and let it have looked at what was claimed some days ago."""
    person = Membership.objects.filter(organisation=sender, role=Role.ADMINISTRATOR).order_by("pk").first()
    if person is None:
        return
    switch = {"is_on": True, "changed_at": now - timedelta(days=40), "changed_by": person.user}
    Checker.objects.get_or_create(organisation=sender, defaults=switch)
    outcomes = sorted(CLAIMS - BY_COUNTRY)
    claims = Item.objects.filter(sender=sender, state=ItemState.DECIDED, outcome__in=outcomes).exclude(
        referral__area__in=WITHOUT_MATERIAL
    )
    recent = claims.filter(checks=None, decided_at__range=(now - timedelta(days=60), now - timedelta(days=8))).order_by(
        "-pk"
    )
    items = list(recent[:LOOKED_AT])
    Referral.objects.filter(pk__in={item.referral_id for item in items}).update(pap=Pap.GREEN)
    for place, item in enumerate(items):
        first = THERE if place % 29 == 11 else FOUND[place % len(FOUND)]
        seen = _look(item, first, days=1)
        back = _look(item, THERE if place % 17 == 4 else first, days=7)
        if back.finding == Finding.STILL_THERE:
            _review(item, back, gone_at=seen.at if confirms(seen.finding, item.outcome) else None)


def _look(item: Item, found: tuple[Finding, Reason], *, days: int) -> Check:
    claimed_at = item.decided_at or item.filed_at
    return Check.objects.create(
        sender_id=item.sender_id,
        recipient_id=item.recipient_id,
        item=item,
        source=Source.CHECKER,
        finding=found[0],
        reason=found[1],
        at=claimed_at + timedelta(days=days, minutes=3),
        claimed_at=claimed_at,
        after_days=days,
        http_status=404 if found[1] is Reason.STATUS_404 else 200,
        final_host=item.host,
        checker_version=VERSION,
    )


def _review(item: Item, check: Check, *, gone_at: datetime | None) -> None:
    Review.objects.create(
        sender_id=item.sender_id,
        recipient_id=item.recipient_id,
        item=item,
        check_made=check,
        kind=ReviewKind.BACK_AGAIN if gone_at else ReviewKind.STILL_THERE,
        claimed_at=check.claimed_at or check.at,
        seen_at=check.at,
        gone_at=gone_at,
    )

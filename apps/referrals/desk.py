"""A platform's desk: whose an item is and until when it is put off, as questions to the platform's own table.

Putting off hides an item from the list for a while; it never hides what is overdue or about to be.
"""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.referrals.models import Tracking

BACK_BEFORE = timedelta(hours=4)  # what is put off comes back this long before it is due
FEW = 1000


class Desk(models.TextChoices):
    """Which part of the worklist."""

    MINE = "mine", _("Mine")
    UNASSIGNED = "unassigned", _("Nobody's")
    FREE = "free", _("Mine and nobody's")
    SNOOZED = "snoozed", _("Put off")


def condition(part: str, principal: Principal, *, at: datetime) -> Q:
    """Of items. Asks one query first where they can be few: a list in order does not stop early at what is rare."""
    if part == Desk.MINE:
        return _these(desk_of(principal))
    if part == Desk.SNOOZED:
        return _these(put_off(principal, at=at)) & asleep(principal, at=at)
    others = Q(assignee__isnull=False)
    if part == Desk.FREE:
        others &= ~Q(assignee=principal.user_id)
    return ~Q(Exists(_of(principal).filter(others, item_id=OuterRef("pk"))))


def asleep(principal: Principal, *, at: datetime) -> Q:
    """Of items: put off, and not due so soon that they have come back."""
    rows = put_off(principal, at=at).filter(item_id=OuterRef("pk"))
    return Q(Exists(rows)) & (Q(due_at__isnull=True) | Q(due_at__gt=at + BACK_BEFORE))


def numbered(number: str, principal: Principal) -> Q:
    """Of items: those the principal's organisation knows by this number. A sender has none, and asks no query."""
    if not principal.organisation.receives:
        return Q(pk__in=[])
    return _these(_of(principal).filter(number=number).exclude(number=""))


def desk_of(principal: Principal) -> QuerySet[Tracking]:
    """What is on one's own desk and not answered yet."""
    return _of(principal).filter(assignee=principal.user_id, is_done=False)


def asleep_tracking(principal: Principal, *, at: datetime) -> QuerySet[Tracking]:
    """What `asleep` says, asked of the platform's own table: to count without a look at every item."""
    not_yet = Q(item__due_at__isnull=True) | Q(item__due_at__gt=at + BACK_BEFORE)
    return put_off(principal, at=at).filter(not_yet, item__state="open")


def put_off(principal: Principal, *, at: datetime) -> QuerySet[Tracking]:
    return _of(principal).filter(snoozed_until__gt=at)


def tracking_of(principal: Principal, items: list[int]) -> dict[int, Tracking]:
    """What the principal's organisation has noted about these items, by their keys; nothing for a sender. One query."""
    if not (items and principal.organisation.receives):
        return {}
    rows = _of(principal).filter(item_id__in=items).select_related("assignee")
    return {row.item_id: row for row in rows}


def _of(principal: Principal) -> QuerySet[Tracking]:
    return Tracking.objects.filter(organisation_id=principal.organisation_id)


def _these(rows: QuerySet[Tracking]) -> Q:
    few = list(rows.values_list("item_id", flat=True)[: FEW + 1])
    return Q(pk__in=few) if len(few) <= FEW else Q(Exists(rows.filter(item_id=OuterRef("pk"))))

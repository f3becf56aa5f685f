"""A platform's own arrangements about its items: whose they are, what is put off, their number in another system.

None of it is told to the sender, and none of it moves a clock. Every act is for a set: one question, one statement
that writes, one entry in the log.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.accounts.selectors import member_who_may
from apps.audit.services import record
from apps.core.errors import Refused
from apps.organisations.permissions import Permission
from apps.referrals import selectors
from apps.referrals.desk import BACK_BEFORE, Desk, condition
from apps.referrals.models import Item, Referral
from apps.referrals.selectors import DUE, Wanted
from apps.referrals.transitions import ItemState
from apps.taxonomy.urgency import Urgency

NUMBER_LENGTH = 100
DONE, REFUSED = "done", "refused"
DANGER = [Urgency.LIFE.value, Urgency.CRISIS.value]

_NOTE = """
INSERT INTO referrals_tracking
  (organisation_id, sender_id, item_id, assignee_id, assigned_at, snoozed_until, number, is_done, changed_at,
   changed_by_id)
SELECT %(organisation)s, new.sender, new.item, new.assignee, CASE WHEN new.assignee IS NULL THEN NULL ELSE %(at)s END,
       new.until, new.number, new.done, %(at)s, %(by)s
  FROM unnest(%(items)s::bigint[], %(senders)s::bigint[], %(assignees)s::bigint[], %(untils)s::timestamptz[],
              %(numbers)s::text[], %(done)s::bool[]) AS new(item, sender, assignee, until, number, done)
 ORDER BY new.item
ON CONFLICT (organisation_id, item_id) DO UPDATE
   SET {changes}, changed_at = excluded.changed_at, changed_by_id = excluded.changed_by_id
 WHERE {unless}
RETURNING item_id
"""
_ASSIGN = "assignee_id = excluded.assignee_id, assigned_at = excluded.assigned_at"
_FREE_OR_MINE = "referrals_tracking.assignee_id IS NULL OR referrals_tracking.assignee_id = excluded.assignee_id"


class DeskCode(models.TextChoices):
    """Why an item was left as it was."""

    NOT_FOUND = "not_found", _("There is no such item.")
    NOT_OPEN = "not_open", _("It is answered or withdrawn, so there is nothing left to do.")
    HELD = "held", _("A colleague has it. Ask them to release it, or assign it.")
    DUE_SOON = "due_soon", _("It is due within four hours or overdue, so it cannot be put off.")


class AssigneeRefused(Refused):
    code = "assignee_refused"
    message = _("There is nobody of this address in your organisation who may answer. Choose one of its members.")


class SnoozePast(Refused):
    code = "snooze_in_the_past"
    message = _("The time until which items are put off must lie in the future.")


class NumberTooLong(Refused):
    code = "number_too_long"
    message = _("A tracking number has at most 100 characters. Shorten it.")


@dataclass(frozen=True, slots=True)
class Noted:
    """What became of one item of an act; `until`: when one that was put off comes back."""

    item: str
    result: str
    code: DeskCode | None = None
    until: datetime | None = None


@dataclass(slots=True)
class _Change:
    """What is to be written for each item; the other columns are what a new row starts with."""

    changes: str
    assignee: int | None = None
    untils: Mapping[int, datetime] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    unless: str = "true"


@transaction.atomic
def claim(references: Sequence[str], *, by: Principal, at: datetime) -> list[Noted]:
    """Put items on one's own desk; what a colleague has is left to them."""
    items, results = _sort(references, by=by, only_open=True)
    change = _Change(_ASSIGN, assignee=by.user_id, unless=_FREE_OR_MINE)
    written = _write(items, change, by=by, at=at)
    results |= {one.reference: Noted(one.reference, REFUSED, DeskCode.HELD) for one in items if one.pk not in written}
    return _finish("item.claimed", [one for one in items if one.pk in written], results, references, by=by, at=at)


@transaction.atomic
def assign(references: Sequence[str], *, to: str, by: Principal, at: datetime) -> list[Noted]:
    """Put items on a colleague's desk (`to`: their e-mail address), whoever had them; raises `AssigneeRefused`."""
    assignee = member_who_may(Permission.ANSWER_REFERRALS, to, principal=by)
    if assignee is None:
        raise AssigneeRefused
    items, results = _sort(references, by=by, only_open=True)
    _write(items, _Change(_ASSIGN, assignee=assignee.pk), by=by, at=at)
    return _finish("item.assigned", items, results, references, assignee=assignee.pk, by=by, at=at)


@transaction.atomic
def release(references: Sequence[str], *, by: Principal, at: datetime) -> list[Noted]:
    """Take items off whoever's desk they are on."""
    items, results = _sort(references, by=by)
    _write(items, _Change(_ASSIGN), by=by, at=at)
    return _finish("item.released", items, results, references, by=by, at=at)


@transaction.atomic
def snooze(references: Sequence[str], *, until: datetime, by: Principal, at: datetime) -> list[Noted]:
    """Put items off; each comes back at that time, or four hours before it is due if that is sooner."""
    if until <= at:
        raise SnoozePast
    items, results = _sort(references, by=by, only_open=True)
    untils = {one.pk: min(until, one.due_at - BACK_BEFORE) if one.due_at else until for one in items}
    fitting = [one for one in items if untils[one.pk] > at]
    _write(fitting, _Change("snoozed_until = excluded.snoozed_until", untils=untils), by=by, at=at)
    results |= {one.reference: Noted(one.reference, REFUSED, DeskCode.DUE_SOON) for one in items if one not in fitting}
    results |= {one.reference: Noted(one.reference, DONE, until=untils[one.pk]) for one in fitting}
    return _finish("item.snoozed", fitting, results, references, by=by, at=at)


@transaction.atomic
def wake(references: Sequence[str], *, by: Principal, at: datetime) -> list[Noted]:
    """Bring back at once what was put off."""
    items, results = _sort(references, by=by)
    _write(items, _Change("snoozed_until = NULL"), by=by, at=at)
    return _finish("item.woken", items, results, references, by=by, at=at)


@transaction.atomic
def number(numbers: Mapping[str, str], *, by: Principal, at: datetime) -> list[Noted]:
    """Note each item's number in the platform's own system, by its reference; an empty one removes it."""
    if any(len(one) > NUMBER_LENGTH for one in numbers.values()):
        raise NumberTooLong
    items, results = _sort(list(numbers), by=by)
    _write(items, _Change("number = excluded.number", numbers=numbers), by=by, at=at)
    return _finish("item.numbered", items, results, list(numbers), by=by, at=at)


@transaction.atomic
def take_next(wanted: Wanted, *, by: Principal, at: datetime) -> Item | None:
    """Put the next item that matches on one's own desk: danger to life first, then what is due; never a colleague's."""
    waiting = Referral.objects.visible_to(by).unanswered().filter(urgency__in=DANGER, open_count__gt=0)
    danger = list(waiting.order_by("pk").values_list("pk", flat=True)[: selectors.CAP])
    rows = selectors.items(by, wanted, at=at).filter(condition(Desk.FREE, by, at=at), state="open")
    for found in (rows.filter(referral_id__in=danger), rows) if danger else (rows,):
        item = found.select_for_update(of=("self",), skip_locked=True).order_by(*DUE.columns()).first()
        if item:
            claim([item.reference], by=by, at=at)
            return item
    return None


def _sort(
    references: Sequence[str], *, by: Principal, only_open: bool = False
) -> tuple[Sequence[Item], dict[str, Noted]]:
    """The items that can be acted on, and a result for every reference."""
    rows = Item.objects.visible_to(by).filter(reference__in=set(references))
    found = {row.reference: row for row in rows.only("reference", "sender_id", "state", "due_at").order_by("pk")}
    results = {one: Noted(one, DONE) if one in found else Noted(one, REFUSED, DeskCode.NOT_FOUND) for one in references}
    if only_open:
        closed = [one for one, row in found.items() if row.state != ItemState.OPEN]
        results |= {one: Noted(one, REFUSED, DeskCode.NOT_OPEN) for one in closed}
    return [row for one, row in found.items() if results[one].code is None], results


def _write(items: Sequence[Item], change: _Change, *, by: Principal, at: datetime) -> set[int]:
    if not items:
        return set()
    facts: dict[str, Any] = {
        "organisation": by.organisation_id,
        "by": by.user_id,
        "at": at,
        "items": [one.pk for one in items],
        "senders": [one.sender_id for one in items],
        "assignees": [change.assignee] * len(items),
        "untils": [change.untils.get(one.pk) for one in items],
        "numbers": [change.numbers.get(one.reference, "") for one in items],
        "done": [one.state != ItemState.OPEN for one in items],
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTE.format(changes=change.changes, unless=change.unless), facts)
        return {pk for (pk,) in cursor.fetchall()}


def _finish(
    verb: str,
    items: Sequence[Item],
    results: Mapping[str, Noted],
    references: Sequence[str],
    *,
    assignee: int | None = None,
    by: Principal,
    at: datetime,
) -> list[Noted]:
    """One entry in the log, and the results in the order of the references."""
    if items:
        about = {"references": [one.reference for one in items]}
        record(
            verb,
            organisation_id=by.organisation_id,
            target_type="item",
            target=items[0].reference if len(items) == 1 else f"{len(items)} items",
            details=about | ({"assignee": assignee} if assignee else {}),
            by=by,
            at=at,
        )
    return [results[one] for one in references]

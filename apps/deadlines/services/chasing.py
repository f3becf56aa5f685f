"""The sweep: look at every clock whose time has come, take the rungs that are due, write to each contact once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from apps.deadlines.ladder import Planned, Side, climb
from apps.deadlines.models.chase import Rung
from apps.deadlines.services.addressing import Reach, reach_of
from apps.deadlines.services.escalating import note_escalations
from apps.deadlines.services.reminding import News, news_of, write_reminders
from apps.deadlines.services.waiting import Chunk, Waiting, chunks, claim
from apps.delivery.nudges import nudge
from apps.delivery.tasks import deliver_pending
from apps.organisations.calendars import WorkingCalendar
from apps.organisations.models import Organisation
from apps.tenancy.context import acting_as, system

# One statement for what was taken, what is looked at next, and what stands on the timelines.
_WRITE = """
WITH taken AS (
  INSERT INTO deadlines_chase
    (sender_id, recipient_id, disclosed, obligation_id, rung, round, planned_at, at, message)
  SELECT * FROM jsonb_to_recordset(%(taken)s::jsonb) AS taken(
    sender_id bigint, recipient_id bigint, disclosed boolean, obligation_id bigint, rung text, round int,
    planned_at timestamptz, at timestamptz, message text)
), events AS (
  INSERT INTO referrals_event (sender_id, recipient_id, disclosed, referral_id, verb, at, actor_label, data)
  SELECT sender_id, recipient_id, disclosed, referral_id, 'referral.chased', %(at)s, '', data
    FROM jsonb_to_recordset(%(events)s::jsonb) AS event(
      sender_id bigint, recipient_id bigint, disclosed boolean, referral_id bigint, data jsonb)
)
UPDATE referrals_obligation o SET {look} = looked.look_at
  FROM jsonb_to_recordset(%(looked)s::jsonb) AS looked(id bigint, look_at timestamptz) WHERE o.id = looked.id
"""
_LOOK = {Side.PLATFORM: "chase_at", Side.SENDER: "escalate_at"}
INSIDE_THE_SENDER = frozenset({Rung.SENDER_SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Look:
    """One clock that was looked at, and what came of it."""

    waiting: Waiting
    due: Sequence[Planned]
    look_at: datetime | None


def chase(*, at: datetime) -> int:
    """Take every rung that is due, most urgent organisations first; returns how many rungs were taken.

    Safe to run as often and as often at once as one likes: a rung is one row, taken in the transaction that writes its
    message; what another sweeper has in hand is left to it. One transaction for each bite of organisations.
    """
    count = 0
    for side in Side:
        with acting_as(system("chase")):
            waiting = list(chunks(side, at=at))
        for chunk in waiting:
            with acting_as(system("chase")):
                count += _take(chunk, side, at=at)
    return count


def _take(chunk: Chunk, side: Side, *, at: datetime) -> int:
    """A fixed number of statements, however many clocks there are."""
    claimed = claim(chunk, side, at=at)
    if not claimed:
        return 0
    houses = {row.party(side) for row in claimed}
    quiet, reach = _quiet_until(houses, at=at), reach_of(houses)
    looks = [_look(row, side, quiet, at=at) for row in claimed]
    news = _news(looks, side, reach)
    carried = write_reminders(news, reach, at=at)
    _write(looks, side, carried, at=at)
    note_escalations([look.waiting for look in looks if _is_on_the_list(look)], at=at)
    if news:
        transaction.on_commit(hurry, robust=True)
    return sum(len(look.due) for look in looks)


def _look(row: Waiting, side: Side, quiet: Mapping[int, datetime], *, at: datetime) -> Look:
    climbed = climb(row.clock, side=side, at=at, quiet_until=quiet.get(row.party(side)))
    return Look(row, climbed.due, climbed.look_at)


def _quiet_until(houses: set[int], *, at: datetime) -> Mapping[int, datetime]:
    """Who is not to be disturbed now, and until when."""
    rows = Organisation.objects.filter(pk__in=houses).select_related("calendar")
    ends = {row.pk: WorkingCalendar.of(row).end_of_quiet(at) for row in rows}
    return {pk: end for pk, end in ends.items() if end > at}


def _news(looks: Sequence[Look], side: Side, reach: Mapping[int, Reach]) -> list[News]:
    return [
        one
        for look in looks
        for one in news_of(look.waiting, look.waiting.party(side), [due.step for due in look.due], reach)
    ]


def _write(looks: Sequence[Look], side: Side, carried: Mapping[tuple[int, str], str], *, at: datetime) -> None:
    taken, events = [], []
    for look in looks:
        taken += [_chase(look.waiting, one, carried, at=at) for one in look.due]
        events += [_event(look.waiting, one) for one in look.due[-1:]]
    looked = [{"id": look.waiting.id, "look_at": look.look_at.isoformat() if look.look_at else None} for look in looks]
    facts: dict[str, Any] = {"at": at, "taken": json.dumps(taken), "events": json.dumps(events)}
    facts["looked"] = json.dumps(looked)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE.format(look=_LOOK[side]), facts)


def _chase(row: Waiting, one: Planned, carried: Mapping[tuple[int, str], str], *, at: datetime) -> dict[str, Any]:
    return {
        **_between(row, one),
        "obligation_id": row.id,
        "rung": one.step.rung.value,
        "round": row.clock.round,
        "planned_at": one.at.isoformat(),
        "at": at.isoformat(),
        "message": carried.get((row.id, one.step.rung.value), ""),
    }


def _event(row: Waiting, one: Planned) -> dict[str, Any]:
    """One line on the timeline for what was told at once: the highest rung."""
    data = {"rung": one.step.rung.value, "due_at": row.clock.due_at.isoformat()}
    return {**_between(row, one), "referral_id": row.referral_id, "data": data}


def _between(row: Waiting, one: Planned) -> dict[str, Any]:
    """What the sender's own supervisor is told stays in the sender's house."""
    is_disclosed = one.step.rung not in INSIDE_THE_SENDER
    return {"sender_id": row.sender_id, "recipient_id": row.recipient_id, "disclosed": is_disclosed}


def _is_on_the_list(look: Look) -> bool:
    return any(one.step.rung is Rung.COMMISSION for one in look.due)


def hurry() -> None:
    """Deliver the reminders now; a lost nudge costs seconds."""
    nudge(deliver_pending.delay)

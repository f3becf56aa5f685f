"""Obligations: started at the proven receipt, stopped while the sender owes information, met by the last answer.

What a clock shows is computed by `apps.referrals.clockwork` alone; this file reads and writes rows, a set at a time.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from apps.core.prepared import fetch
from apps.organisations.calendars import WorkingCalendar
from apps.referrals.clockwork import Act, Cause, Moment, Reading, Stop, Terms, advance, length, start
from apps.referrals.models import Obligation
from apps.referrals.terms import Book, Kind, Planned, planned
from apps.taxonomy.limits import Limit, OnQuestion, Unit

BATCH = 2000

_DELIVERED = """
SELECT r.id, r.sender_id, r.recipient_id, r.instrument, r.area, r.urgency,
       receipt.received_at, receipt.channel, receipt.public_id::text
  FROM referrals_referral r, LATERAL (
    SELECT received_at, channel, public_id FROM delivery_delivery d
     WHERE d.about = r.reference AND d.message = 'referral_sent' AND d.received_at IS NOT NULL
     ORDER BY received_at, id LIMIT 1) receipt
 WHERE r.state = 'sent' AND r.received_at IS NULL
 ORDER BY receipt.received_at, r.id LIMIT %(limit)s
"""
_READ = """
SELECT r.id, r.sender_id, r.recipient_id, r.instrument, r.area, r.urgency, %(at)s::timestamptz, '', ''
  FROM referrals_referral r
 WHERE r.id = ANY(%(ids)s) AND r.state = 'sent' AND r.received_at IS NULL
"""
# A referral leaves SENT once: what another worker has started in the meantime is not moved, and starts no clock here.
_START = """
WITH receipt AS (
  SELECT * FROM jsonb_to_recordset(%(receipts)s::jsonb) AS receipt(
    id bigint, received_at timestamptz, due_at timestamptz, proof jsonb)
), given AS (
  SELECT * FROM jsonb_to_recordset(%(clocks)s::jsonb) AS given(
    referral_id bigint, clock text, statutory boolean, rule text, policy_id bigint, target_id bigint, limit_amount int,
    limit_unit text, limit_seconds int, on_question text, calendar jsonb, due_at timestamptz, is_leading boolean)
), moved AS (
  UPDATE referrals_referral r SET state = 'received', received_at = receipt.received_at, due_at = receipt.due_at
    FROM receipt WHERE r.id = receipt.id AND r.state = 'sent'
  RETURNING r.id, r.sender_id, r.recipient_id, receipt.received_at, receipt.due_at, receipt.proof
), clocks AS (
  INSERT INTO referrals_obligation
    (sender_id, recipient_id, referral_id, clock, statutory, rule, policy_id, target_id, limit_amount, limit_unit,
     limit_seconds, on_question, calendar, started_at, due_at, is_leading, chase_at, escalate_at)
  SELECT moved.sender_id, moved.recipient_id, moved.id, clock, statutory, rule, policy_id, target_id, limit_amount,
         limit_unit, limit_seconds, on_question, calendar, moved.received_at, given.due_at, is_leading,
         CASE WHEN is_leading THEN moved.received_at END, CASE WHEN is_leading THEN moved.received_at END
    FROM moved JOIN given ON given.referral_id = moved.id
  ON CONFLICT DO NOTHING
), events AS (
  INSERT INTO referrals_event
    (sender_id, recipient_id, disclosed, referral_id, verb, at, actor_label, data)
  SELECT sender_id, recipient_id, true, id, 'referral.received', received_at, '', proof FROM moved
), items AS (
  UPDATE referrals_item i SET due_at = moved.due_at FROM moved WHERE i.referral_id = moved.id AND i.state = 'open'
)
SELECT count(*) FROM moved
"""
# Referral and items repeat the leading clock's due time; none where every clock stands still.
_MOVE = """
WITH given AS (
  SELECT * FROM jsonb_to_recordset(%(clocks)s::jsonb) AS given(
    id bigint, referral_id bigint, counted_from timestamptz, due_at timestamptz, paused_since timestamptz,
    paused_seconds int, stops jsonb, round int, is_leading boolean, look_at timestamptz)
), clocks AS (
  UPDATE referrals_obligation o
     SET counted_from = given.counted_from, due_at = given.due_at, paused_since = given.paused_since,
         paused_seconds = given.paused_seconds, stops = given.stops, round = given.round,
         is_leading = given.is_leading, chase_at = given.look_at, escalate_at = given.look_at
    FROM given WHERE o.id = given.id
), shown AS (
  SELECT referral_id, min(due_at) FILTER (WHERE is_leading) AS due_at FROM given GROUP BY referral_id
), referrals AS (
  UPDATE referrals_referral r SET due_at = shown.due_at FROM shown WHERE r.id = shown.referral_id
)
UPDATE referrals_item i SET due_at = shown.due_at
  FROM shown WHERE i.referral_id = shown.referral_id AND i.state = 'open'
"""

_MEET = """
WITH met AS (
  UPDATE referrals_obligation SET met_at = %(at)s, chase_at = NULL, escalate_at = NULL
   WHERE referral_id = ANY(%(ids)s::bigint[]) AND met_at IS NULL AND ended_at IS NULL
  RETURNING 1
)
SELECT count(*) FROM met
"""


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a referral has been received, and the proof: by which channel, and the public id of the delivery."""

    referral_id: int
    kind: Kind
    at: datetime
    channel: str
    delivery: str

    @property
    def proof(self) -> dict[str, str]:
        return {"channel": self.channel, "receipt": self.delivery} if self.delivery else {"by": "act"}


def start_clocks() -> int:
    """Find receipts not yet applied and start their clocks at the time of the receipt; returns how many.

    Idempotent: a referral leaves SENT once, and has one obligation per clock. Call again while it returns `BATCH`.
    """
    return _start(_DELIVERED, {"limit": BATCH})


def received_by_reading(ids: Sequence[int], *, at: datetime) -> int:
    """A platform that acts on a referral has received it, whatever its deliveries say: start the clock now."""
    return _start(_READ, {"ids": list(ids), "at": at}) if ids else 0


def stop(ids: Sequence[int], *, cause: Cause = Cause.QUESTION, at: datetime) -> None:
    """Let the clocks of these referrals stand still, where their terms say so: the sender owes information."""
    _move(ids, Moment(Act.STOP, at, cause))


def go_on(ids: Sequence[int], *, at: datetime) -> None:
    """Let the clocks run on, or begin anew where their terms say so."""
    _move(ids, Moment(Act.GO_ON, at))


def meet(ids: Sequence[int], *, paused: Sequence[int] = (), at: datetime) -> None:
    """Everything is answered. `paused`: those of them whose clocks may stand still; they go on first."""
    if paused:
        go_on(paused, at=at)
    fetch(_MEET, {"ids": list(ids), "at": at})


def end(ids: Sequence[int], *, at: datetime) -> None:
    """Taken back: neither met nor missed."""
    rows = Obligation.objects.filter(referral_id__in=ids, met_at__isnull=True)
    rows.update(ended_at=at, chase_at=None, escalate_at=None)


def terms_of(row: Obligation) -> Terms:
    """The terms an obligation was started under, whatever has become of policies and calendars since."""
    calendar = WorkingCalendar.from_facts(row.calendar or {"zone": "UTC"})
    return Terms(Limit(row.limit_amount, Unit(row.limit_unit)), OnQuestion(row.on_question), calendar)


def reading_of(row: Obligation) -> Reading:
    """What is stored of a clock, as `clockwork` would show it."""
    return Reading(
        started_at=row.started_at,
        counted_from=row.counted_from or row.started_at,
        due_at=row.due_at,
        stops=tuple(stop_from(one) for one in row.stops),
        met_at=row.met_at,
        ended_at=row.ended_at,
        round=row.round,
    )


def stored(one: Stop) -> list[str | None]:
    return [one.since.isoformat(), one.until.isoformat() if one.until else None, one.cause.value]


def stop_from(kept: Sequence[str | None]) -> Stop:
    since, until, cause = kept
    return Stop(datetime.fromisoformat(str(since)), datetime.fromisoformat(until) if until else None, Cause(str(cause)))


def _start(question: str, facts: Mapping[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question, facts)
        receipts = [_receipt(row) for row in cursor.fetchall()]
    if not receipts:
        return 0
    houses = {one.kind.sender_id for one in receipts} | {one.kind.recipient_id for one in receipts}
    book = Book.of(houses)
    begun = [(one, _begun(one, book)) for one in receipts]
    with connection.cursor() as cursor:
        cursor.execute(
            _START,
            {
                "receipts": json.dumps([_received(one, clocks) for one, clocks in begun]),
                "clocks": json.dumps([clock for _one, clocks in begun for clock in clocks]),
            },
        )
        started: int = cursor.fetchone()[0]
    return started


def _receipt(row: Sequence[Any]) -> Receipt:
    pk, sender_id, recipient_id, instrument, area, urgency, at, channel, delivery = row
    kind = Kind(sender_id=sender_id, recipient_id=recipient_id, instrument=instrument, area=area, urgency=urgency)
    return Receipt(pk, kind, at, channel, delivery)


def _received(receipt: Receipt, clocks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    leading = next(clock for clock in clocks if clock["is_leading"])
    return {
        "id": receipt.referral_id,
        "received_at": receipt.at.isoformat(),
        "due_at": leading["due_at"],
        "proof": receipt.proof,
    }


def _begun(receipt: Receipt, book: Book) -> list[dict[str, Any]]:
    """The rows of a referral's clocks; the strictest leads, and of equally strict ones the law's."""
    shown = [(start(receipt.at, plan.terms).due_at, plan) for plan in planned(receipt.kind, book, at=receipt.at)]
    leading = min(shown, key=lambda pair: (pair[0], not pair[1].statutory))
    return [_row(receipt, plan, due_at, is_leading=plan is leading[1]) for due_at, plan in shown]


def _row(receipt: Receipt, plan: Planned, due_at: datetime, *, is_leading: bool) -> dict[str, Any]:
    terms = plan.terms
    return {
        "referral_id": receipt.referral_id,
        "clock": plan.clock.value,
        "statutory": plan.statutory,
        "rule": plan.rule,
        "policy_id": plan.policy_id,
        "target_id": plan.target_id,
        "limit_amount": terms.limit.amount,
        "limit_unit": terms.limit.unit.value,
        "limit_seconds": int((due_at - receipt.at).total_seconds()),
        "on_question": terms.on_question.value,
        "calendar": {} if terms.limit.unit is Unit.HOURS else terms.calendar.as_facts(),
        "due_at": due_at.isoformat(),
        "is_leading": is_leading,
    }


def _move(ids: Sequence[int], moment: Moment) -> None:
    """Let one moment act on the clocks of these referrals: one statement reads them, one writes."""
    rows = Obligation.objects.filter(referral_id__in=ids, met_at__isnull=True, ended_at__isnull=True)
    locked = list(rows.select_for_update(of=("self",)).order_by("pk"))
    if not locked:
        return
    moved = [(row, advance(reading_of(row), moment, terms_of(row))) for row in locked]
    leading = _leading(moved)
    with connection.cursor() as cursor:
        clocks = [_moved(row, clock, is_leading=row.pk in leading, at=moment.at) for row, clock in moved]
        cursor.execute(_MOVE, {"clocks": json.dumps(clocks)})


def _leading(moved: Sequence[tuple[Obligation, Reading]]) -> set[int]:
    """The keys of the clocks that lead now: of each referral's running ones, the strictest."""
    best: dict[int, tuple[datetime, bool, int]] = {}
    for row, clock in moved:
        if clock.paused_since is None:
            strictness = clock.due_at, not row.statutory, row.pk
            best[row.referral_id] = min(best.get(row.referral_id, strictness), strictness)
    return {pk for _due, _statutory, pk in best.values()}


def _moved(row: Obligation, clock: Reading, *, is_leading: bool, at: datetime) -> dict[str, Any]:
    paused = sum(int(length(stop).total_seconds()) for stop in clock.stops)
    return {
        "id": row.pk,
        "referral_id": row.referral_id,
        "counted_from": None if clock.counted_from == clock.started_at else clock.counted_from.isoformat(),
        "due_at": clock.due_at.isoformat(),
        "paused_since": clock.paused_since.isoformat() if clock.paused_since else None,
        "paused_seconds": paused,
        "stops": [stored(one) for one in clock.stops],
        "round": clock.round,
        "is_leading": is_leading,
        "look_at": at.isoformat() if is_leading else None,
    }

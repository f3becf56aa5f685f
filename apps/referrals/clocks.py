"""Obligations: started at the proven receipt, paused while the sender owes information, met by the last answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from apps.taxonomy.urgency import TARGET_HOURS

_DELIVERED = """
  SELECT r.id, min(d.received_at) AS at
    FROM referrals_referral r JOIN delivery_delivery d ON d.about = r.reference
   WHERE r.state = 'sent' AND r.received_at IS NULL
     AND d.message = 'referral_sent' AND d.received_at IS NOT NULL
   GROUP BY r.id
"""
_READ = """
  SELECT r.id, %(at)s::timestamptz AS at FROM referrals_referral r
   WHERE r.id = ANY(%(ids)s) AND r.state = 'sent' AND r.received_at IS NULL
"""
_START = """
WITH receipt AS ({receipts}), moved AS (
  UPDATE referrals_referral r
     SET state = 'received', received_at = receipt.at,
         due_at = receipt.at + make_interval(secs => target.seconds)
    FROM receipt, unnest(%(urgencies)s::text[], %(seconds)s::int[]) AS target(urgency, seconds)
   WHERE r.id = receipt.id AND r.state = 'sent' AND target.urgency = r.urgency
  RETURNING r.id, r.sender_id, r.recipient_id, r.received_at, r.due_at, target.seconds
), clocks AS (
  INSERT INTO referrals_obligation
    (sender_id, recipient_id, referral_id, clock, statutory, started_at, limit_seconds, due_at)
  SELECT sender_id, recipient_id, id, 'answer_target', false, received_at, seconds, due_at FROM moved
  ON CONFLICT DO NOTHING
), events AS (
  INSERT INTO referrals_event
    (sender_id, recipient_id, disclosed, referral_id, verb, at, actor_label)
  SELECT sender_id, recipient_id, true, id, 'referral.received', received_at, '' FROM moved
), items AS (
  UPDATE referrals_item i SET due_at = moved.due_at FROM moved WHERE i.referral_id = moved.id AND i.state = 'open'
)
SELECT count(*) FROM moved
"""
_FROM_DELIVERIES = _START.format(receipts=_DELIVERED)
_FROM_READING = _START.format(receipts=_READ)

_PAUSE = """
WITH paused AS (
  UPDATE referrals_obligation SET paused_since = %(at)s
   WHERE referral_id = ANY(%(ids)s) AND met_at IS NULL AND ended_at IS NULL AND paused_since IS NULL
  RETURNING referral_id
), referrals AS (
  UPDATE referrals_referral r SET due_at = NULL FROM paused WHERE r.id = paused.referral_id
)
UPDATE referrals_item i SET due_at = NULL FROM paused WHERE i.referral_id = paused.referral_id AND i.state = 'open'
"""
_RESUME = """
WITH resumed AS (
  UPDATE referrals_obligation
     SET due_at = due_at + (%(at)s - paused_since), paused_since = NULL,
         paused_seconds = paused_seconds + extract(epoch FROM %(at)s - paused_since)::int
   WHERE referral_id = ANY(%(ids)s) AND paused_since IS NOT NULL AND met_at IS NULL
  RETURNING referral_id, due_at
), strictest AS (
  SELECT referral_id, min(due_at) AS due_at FROM resumed GROUP BY referral_id
), referrals AS (
  UPDATE referrals_referral r SET due_at = s.due_at FROM strictest s WHERE r.id = s.referral_id
)
UPDATE referrals_item i SET due_at = s.due_at FROM strictest s WHERE i.referral_id = s.referral_id AND i.state = 'open'
"""


def start_clocks() -> int:
    """Find receipts not yet applied and start their clocks at the time of the receipt; returns how many.

    Idempotent: a referral leaves SENT once, and has one obligation per clock.
    """
    return _start(_FROM_DELIVERIES, {})


def received_by_reading(ids: Sequence[int], *, at: datetime) -> int:
    """A platform that acts on a referral has received it, whatever its deliveries say: start the clock now."""
    return _start(_FROM_READING, {"ids": list(ids), "at": at})


def pause(ids: Sequence[int], *, at: datetime) -> None:
    """Stop the clocks of these referrals: the sender owes information."""
    with connection.cursor() as cursor:
        cursor.execute(_PAUSE, {"ids": list(ids), "at": at})


def resume(ids: Sequence[int], *, at: datetime) -> None:
    """Let the clocks run on; what was left of the time is left."""
    with connection.cursor() as cursor:
        cursor.execute(_RESUME, {"ids": list(ids), "at": at})


def _start(statement: str, facts: dict[str, Any]) -> int:
    seconds = [hours * 3600 for hours in TARGET_HOURS.values()]
    with connection.cursor() as cursor:
        cursor.execute(statement, {**facts, "urgencies": [str(u.value) for u in TARGET_HOURS], "seconds": seconds})
        started: int = cursor.fetchone()[0]
    return started

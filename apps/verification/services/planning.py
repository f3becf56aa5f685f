"""Which looks there are to make: rows, made from decisions and taken one at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from apps.verification.rules import ALLOWED, DAYS, OF_ITEM, facts

LEASE = timedelta(minutes=5)  # longer than the longest look: four addresses and their made-up siblings, HEAD and GET
SETTLED = timedelta(minutes=10)  # no transaction takes as long: no decision appears behind this

_PLAN = f"""
WITH fresh AS (
  SELECT d.item_id, d.decided_at
    FROM verification_checker k
    JOIN referrals_decision d ON d.sender_id = k.organisation_id AND d.id > k.decisions_seen
   WHERE k.is_on AND d.id > (SELECT min(decisions_seen) FROM verification_checker WHERE is_on)
)
INSERT INTO verification_recheck (sender_id, recipient_id, item_id, claimed_at, after_days, host, due_at)
SELECT i.sender_id, i.recipient_id, i.id, i.decided_at, days, i.host, i.decided_at + days * interval '24 hours'
  FROM fresh JOIN referrals_item i ON i.id = fresh.item_id AND i.decided_at = fresh.decided_at
  {OF_ITEM} CROSS JOIN unnest(%(days)s::int[]) AS days
 WHERE {ALLOWED}
ON CONFLICT (item_id, claimed_at, after_days) DO NOTHING
"""  # noqa: S608  both parts are constants
_SEEN = """
UPDATE verification_checker
   SET decisions_seen = greatest(decisions_seen, coalesce((
         SELECT id FROM referrals_decision WHERE decided_at < %(settled)s ORDER BY id DESC LIMIT 1), 0))
 WHERE is_on
"""
# Of several looks of one claim that have become due, after an outage say, the last one is made.
_RETIRE = f"""
UPDATE verification_recheck x SET done_at = %(at)s, lease_until = NULL, skipped = judged.skipped
  FROM (SELECT x.id, CASE
               WHEN i.decided_at <> x.claimed_at THEN 'superseded'
               WHEN EXISTS (SELECT 1 FROM verification_recheck later
                             WHERE later.item_id = x.item_id AND later.claimed_at = x.claimed_at
                               AND later.after_days > x.after_days AND later.due_at <= %(at)s) THEN 'superseded'
               WHEN NOT k.is_on THEN 'switched_off'
               WHEN NOT ({ALLOWED}) THEN 'not_allowed' END AS skipped
          FROM verification_recheck x JOIN referrals_item i ON i.id = x.item_id {OF_ITEM}
         WHERE x.done_at IS NULL AND x.due_at <= %(at)s AND (x.lease_until IS NULL OR x.lease_until <= %(at)s)
         ORDER BY x.due_at, x.id LIMIT 5000 FOR UPDATE OF x SKIP LOCKED) judged
 WHERE x.id = judged.id AND judged.skipped IS NOT NULL
"""  # noqa: S608  both parts are constants
_TAKE = f"""
UPDATE verification_recheck x SET lease_until = %(lease)s, attempts = x.attempts + 1
  FROM (SELECT x.id, i.url
          FROM verification_recheck x
          JOIN referrals_item i ON i.id = x.item_id AND i.decided_at = x.claimed_at {OF_ITEM}
         WHERE x.done_at IS NULL AND x.due_at <= %(at)s AND (x.lease_until IS NULL OR x.lease_until <= %(at)s)
           AND {ALLOWED}
           AND NOT EXISTS (SELECT 1 FROM verification_recheck busy
                            WHERE busy.host = x.host AND busy.lease_until > %(at)s)
           AND NOT EXISTS (SELECT 1 FROM verification_recheck last
                            WHERE last.host = x.host AND last.done_at > %(gap)s AND last.skipped = '')
         ORDER BY x.due_at, x.id LIMIT 1 FOR UPDATE OF x SKIP LOCKED) free
 WHERE x.id = free.id
RETURNING x.id, free.url, x.attempts, x.lease_until
"""  # noqa: S608  both parts are constants
_WAITING = """
SELECT EXISTS (SELECT 1 FROM verification_recheck WHERE done_at IS NULL AND due_at <= %(at)s
                  AND (lease_until IS NULL OR lease_until <= %(at)s))
"""


@dataclass(frozen=True, slots=True)
class Planned:
    """A look that was taken on, until `lease_until`."""

    pk: int
    url: str
    attempts: int
    lease_until: datetime


def plan(*, at: datetime) -> int:
    """Plan the looks at what has been claimed since the last time; retire what must not be made. Run as the system."""
    with connection.cursor() as cursor:
        cursor.execute(_PLAN, {**facts(), "days": list(DAYS)})
        planned: int = cursor.rowcount
        cursor.execute(_SEEN, {"settled": at - SETTLED})
        cursor.execute(_RETIRE, {**facts(), "at": at})
    return planned


def take(*, at: datetime) -> Planned | None:
    """Take on the look that has been due longest, at a host that is being left in peace. Run as the system.

    Takers queue up: each sees what the one before took, so no host is asked by two at once.
    """
    gap = at - timedelta(seconds=settings.CHECKER_GAP_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('verification.take'))")
        cursor.execute(_TAKE, {**facts(), "at": at, "gap": gap, "lease": at + LEASE})
        row = cursor.fetchone()
    return Planned(*row) if row else None


def is_waiting(*, at: datetime) -> bool:
    """Whether a look is due that nobody has taken on: its host may just be left in peace."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"at": at})
        return bool(cursor.fetchone()[0])

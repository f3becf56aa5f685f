from datetime import datetime

from django.db import connection, transaction

from apps.delivery.nudges import nudge
from apps.delivery.tasks import deliver_pending

BATCH = 500

# One statement takes a rung: the chase, its message on each channel and its event stand or fall together. A rung that
# is taken is taken (unique), a row that another sweeper holds is left to it, and only what is due is looked at.
_CHASE = """
WITH due AS (
  SELECT o.id, o.sender_id, o.recipient_id, o.referral_id, o.due_at
    FROM referrals_obligation o
   WHERE o.met_at IS NULL AND o.ended_at IS NULL AND o.paused_since IS NULL AND o.due_at < %(at)s
     AND NOT EXISTS (SELECT 1 FROM deadlines_chase c WHERE c.obligation_id = o.id AND c.rung = 'overdue')
   ORDER BY o.due_at, o.id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), taken AS (
  INSERT INTO deadlines_chase (sender_id, recipient_id, disclosed, obligation_id, rung, at)
  SELECT sender_id, recipient_id, true, id, 'overdue', %(at)s FROM due
  ON CONFLICT (obligation_id, rung) DO NOTHING
  RETURNING obligation_id
), chased AS (
  SELECT due.*, r.reference, r.instrument, r.urgency, r.open_count, s.name AS sender_name
    FROM taken JOIN due ON due.id = taken.obligation_id
    JOIN referrals_referral r ON r.id = due.referral_id
    JOIN organisations_organisation s ON s.id = due.sender_id
), messages AS (
  INSERT INTO delivery_delivery
    (sender_id, recipient_id, disclosed, key, channel, message, about, facts, urgent, next_at, created_at)
  SELECT sender_id, recipient_id, true, reference || ':overdue:' || channel, channel, 'referral_overdue', reference,
         jsonb_build_object('from', sender_name, 'instrument', instrument, 'items', open_count, 'urgency', urgency,
                            'due_at', to_jsonb(due_at)),
         urgency IN ('life', 'crisis', 'hour'), %(at)s, %(at)s
    FROM chased CROSS JOIN unnest(ARRAY['portal', 'push']) AS channel
  ON CONFLICT (key) DO NOTHING
), events AS (
  INSERT INTO referrals_event (sender_id, recipient_id, disclosed, referral_id, verb, at, actor_label, data)
  SELECT sender_id, recipient_id, true, referral_id, 'referral.chased', %(at)s, '',
         jsonb_build_object('due_at', to_jsonb(due_at), 'rung', 'overdue')
    FROM chased
)
SELECT count(*) FROM chased
"""


@transaction.atomic
def chase_overdue(*, at: datetime) -> int:
    """Remind the platforms whose clocks have run out, oldest first; returns how many were reminded in this batch.

    Run as the system. `due_at` itself is within. Call again until it returns 0.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CHASE, {"at": at, "limit": BATCH})
        chased: int = cursor.fetchone()[0]
    if chased:
        transaction.on_commit(hurry, robust=True)
    return chased


def hurry() -> None:
    """Deliver the reminders now; a lost nudge costs seconds."""
    nudge(deliver_pending.delay)

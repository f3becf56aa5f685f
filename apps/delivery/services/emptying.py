"""Empty the outbox. The rows are the queue: every worker claims what no other holds, and a claim ends by itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from apps.delivery.channels import email
from apps.delivery.models import Channel, Delivery, DeliveryState
from apps.tenancy.context import acting_as, system

BATCH = 50
INBOX_BATCH = 5_000
WAITS = (1, 5, 30, 120, 300, 600, 600, 840, 840, 1440, 1440, 1440, 1440, 1440)  # minutes; seven days and a half in all

_CLAIM = """
UPDATE delivery_delivery SET state = 'sending', lease_until = %(lease)s, attempts = attempts + 1
 WHERE id IN (
   SELECT id FROM delivery_delivery
    WHERE state IN ('queued', 'sending') AND channel = %(channel)s AND next_at <= %(at)s
      AND (lease_until IS NULL OR lease_until < %(at)s)
    ORDER BY urgent DESC, next_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""
_INTO_INBOXES = """
UPDATE delivery_delivery
   SET state = 'received', attempts = attempts + 1, sent_at = %(at)s, received_at = %(at)s, lease_until = NULL,
       proof = jsonb_build_object('channel', 'portal', 'stood_in_inbox_at', %(at)s::timestamptz)
 WHERE id IN (
   SELECT id FROM delivery_delivery
    WHERE state = 'queued' AND channel = 'portal' AND next_at <= %(at)s
    ORDER BY urgent DESC, next_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
"""


def deliver_pending(*, at: datetime) -> int:
    """Deliver what is due, most urgent first; returns how many messages left. Safe to run as often as one likes."""
    count = _fill_inboxes(at)
    while claimed := _claim(Channel.EMAIL, at):
        count += _send(claimed, at)
    return count


def _fill_inboxes(at: datetime) -> int:
    count = 0
    while True:
        with acting_as(system("deliver")), connection.cursor() as cursor:
            cursor.execute(_INTO_INBOXES, {"at": at, "limit": INBOX_BATCH})
            moved: int = cursor.rowcount
        count += moved
        if moved < INBOX_BATCH:
            return count


def _claim(channel: Channel, at: datetime) -> list[int]:
    lease = at + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
    facts: dict[str, Any] = {"channel": channel, "at": at, "lease": lease, "limit": BATCH}
    with acting_as(system("deliver")), connection.cursor() as cursor:
        cursor.execute(_CLAIM, facts)
        return [row[0] for row in cursor.fetchall()]


def _send(ids: Sequence[int], at: datetime) -> int:
    """Send claimed e-mails, each marked in a transaction of its own: a killed worker repeats one at the most.

    The repeated one carries the same Message-ID, by which a mail server or a reader knows it.
    """
    with acting_as(system("deliver")):
        rows = list(Delivery.objects.filter(pk__in=ids).select_related("sender", "recipient").order_by("pk"))
        addresses = email.addresses_of({row.recipient_id for row in rows})
    sent = 0
    with email.mailer() as mailer:
        for row in rows:
            try:
                proof = email.send(row, to=addresses.get(row.recipient_id, ()), mailer=mailer)
            except email.NotSent as problem:
                _put_off(row, problem, at)
            else:
                _mark_sent(row, proof, at)
                sent += 1
    return sent


def _mark_sent(row: Delivery, proof: dict[str, Any], at: datetime) -> None:
    with acting_as(system("deliver")):
        Delivery.objects.filter(pk=row.pk, state=DeliveryState.SENDING).update(
            state=DeliveryState.SENT, sent_at=at, lease_until=None, last_error="", proof=proof
        )


def _put_off(row: Delivery, problem: "email.NotSent", at: datetime) -> None:
    """Try again later, or give up visibly: a dead letter is a state, never a deletion."""
    dead = problem.permanent or row.attempts > len(WAITS)
    wait = timedelta(minutes=0 if dead else WAITS[row.attempts - 1])
    with acting_as(system("deliver")):
        Delivery.objects.filter(pk=row.pk).update(
            state=DeliveryState.DEAD if dead else DeliveryState.QUEUED,
            next_at=at + wait,
            lease_until=None,
            last_error=str(problem)[:300],
        )

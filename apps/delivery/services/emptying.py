"""Empty the outbox. The rows are the queue: every worker claims what no other holds, and a claim ends by itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from apps.delivery.channels import ADAPTERS, Adapter, Fate
from apps.delivery.models import Channel, Delivery
from apps.delivery.services.routing import route_pending
from apps.delivery.services.settling import settle
from apps.tenancy.context import acting_as, system

INBOX_BATCH = 5_000

_CLAIM = """
UPDATE delivery_delivery
   SET state = 'sending', lease_until = %(lease)s, attempts = attempts + 1, tries = tries + 1
 WHERE id IN (
   SELECT id FROM delivery_delivery
    WHERE state IN ('queued', 'sending', 'deferred') AND channel = %(channel)s AND next_at <= %(at)s
      AND (lease_until IS NULL OR lease_until < %(at)s)
    ORDER BY urgent DESC, next_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""
# Standing in an inbox is a receipt where somebody can open it; elsewhere it waits there for the first person who comes.
_INTO_INBOXES = """
UPDATE delivery_delivery d
   SET state = CASE WHEN peopled.yes THEN 'delivered' ELSE 'sent' END, attempts = 1, tries = 1, sent_at = %(at)s,
       received_at = CASE WHEN peopled.yes THEN %(at)s::timestamptz END, lease_until = NULL,
       proof = jsonb_build_object('channel', 'portal', 'stood_in_inbox_at', %(at)s::timestamptz)
  FROM (
    SELECT id, recipient_id FROM delivery_delivery
     WHERE state = 'queued' AND channel = 'portal' AND next_at <= %(at)s
     ORDER BY urgent DESC, next_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
  ) AS waiting, LATERAL (
    SELECT EXISTS (
      SELECT FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id AND u.is_active
       WHERE m.organisation_id = waiting.recipient_id) AS yes
  ) AS peopled
 WHERE d.id = waiting.id
"""


def deliver_pending(*, at: datetime) -> int:
    """Deliver what is due, most urgent first; returns how many messages left. Safe to run as often as one likes."""
    count = _fill_inboxes(at)
    route_pending(at=at)
    claimed = 1
    while claimed:
        done = [_deliver_some(channel, adapter, at) for channel, adapter in ADAPTERS.items()]
        count, claimed = count + sum(sent for sent, _ in done), sum(taken for _, taken in done)
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


def _deliver_some(channel: Channel, adapter: Adapter, at: datetime) -> tuple[int, int]:
    """One claim's worth by one channel, so that no channel waits for another to be empty: how many left, of how many.

    Fates are settled as they come in: what a killed worker had not settled yet is tried again when its lease is over.
    """
    rows = _claim(channel, adapter, at)
    sent, fates = 0, list[tuple[Delivery, Fate]]()
    for fate in adapter.deliver(rows, at=at) if rows else ():
        fates.append(fate)
        if len(fates) >= adapter.settle_every:
            sent += settle(fates, at=at)
            fates = []
    return sent + settle(fates, at=at), len(rows)


def _claim(channel: Channel, adapter: Adapter, at: datetime) -> Sequence[Delivery]:
    lease = at + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
    facts: dict[str, Any] = {"channel": channel, "at": at, "lease": lease, "limit": adapter.claim}
    with acting_as(system("deliver")), connection.cursor() as cursor:
        cursor.execute(_CLAIM, facts)
        ids = [row[0] for row in cursor.fetchall()]
        rows = Delivery.objects.filter(pk__in=ids).select_related("sender", "recipient")
        return list(rows.order_by("-urgent", "next_at", "pk")) if ids else []

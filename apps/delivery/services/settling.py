"""Write down what became of a message: the try, and what follows from it."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apps.core.prepared import fetch
from apps.delivery.channels import Fate
from apps.delivery.models import Attempt, Delivery, DeliveryState
from apps.tenancy.context import acting_as, system

# Seconds to the next try: the steps of Standard Webhooks (75 h 35 min), then daily to seven days in all.
WAITS = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400, 86400, 86400, 86400, 86400)
JITTER = 0.1  # never earlier; a little later, so that what failed together does not come back together
LONGEST_WAIT = 86_400

# Only a message that is still being sent is settled: one whose lease ran out belongs to another worker by now.
_SETTLE = """
WITH fate AS (
  SELECT * FROM unnest(
    %(ids)s::bigint[], %(tried)s::text[], %(codes)s::text[], %(details)s::text[], %(started)s::timestamptz[],
    %(ended)s::timestamptz[], %(states)s::text[], %(channels)s::text[], %(attempts)s::int[],
    %(next_at)s::timestamptz[], %(proofs)s::text[]
  ) AS fate(id, tried, code, detail, started_at, ended_at, state, channel, attempts, next_at, proof)
), tries AS (
  INSERT INTO delivery_attempt
    (sender_id, recipient_id, disclosed, delivery_id, number, channel, state, code, detail, started_at, ended_at)
  SELECT d.sender_id, d.recipient_id, d.disclosed, d.id, d.tries, d.channel, fate.tried, fate.code, fate.detail,
         fate.started_at, fate.ended_at
    FROM fate JOIN delivery_delivery d USING (id) WHERE d.state = ANY(%(from)s::text[]) AND fate.tried <> 'queued'
)
UPDATE delivery_delivery d
   SET state = fate.state, channel = fate.channel, attempts = fate.attempts,
       tries = CASE WHEN fate.tried = 'queued' THEN d.tries - 1 ELSE d.tries END,
       next_at = fate.next_at, lease_until = NULL, proof = coalesce(fate.proof::jsonb, d.proof),
       last_error = CASE WHEN fate.tried IN ('sent', 'delivered') THEN '' ELSE fate.detail END,
       sent_at = CASE WHEN fate.tried IN ('sent', 'delivered') THEN coalesce(d.sent_at, fate.ended_at)
                      ELSE d.sent_at END,
       received_at = CASE WHEN fate.tried = 'delivered' THEN coalesce(d.received_at, fate.ended_at)
                          ELSE d.received_at END
  FROM fate WHERE d.id = fate.id AND d.state = ANY(%(from)s::text[])
RETURNING d.id
"""


@dataclass(frozen=True, slots=True)
class Next:
    """What a message becomes."""

    state: DeliveryState
    channel: str
    attempts: int
    next_at: datetime


def settle(fates: Sequence[tuple[Delivery, Fate]], *, at: datetime) -> int:
    """Write down the fates of messages that are being sent, in one statement; returns how many left."""
    _write(fates, at=at, settled_from=["sending"])
    return sum(fate.state in {DeliveryState.SENT, DeliveryState.DELIVERED} for _row, fate in fates)


def settle_later(delivery: Delivery, fate: Fate, *, at: datetime) -> None:
    """Write down news of a message that had left: a receipt, a bounce, or that the other side still tries.

    A bounce sends it on by the next channel; a delay is theirs, so the try is noted and nothing is sent again. What has
    been delivered stays delivered, whatever comes after.
    """
    if fate.state is DeliveryState.DEFERRED:
        note_try(delivery, fate, at=at)
    else:
        _write([(delivery, fate)], at=at, settled_from=["sent", "deferred"])


def note_try(delivery: Delivery, fate: Fate, *, at: datetime) -> None:
    """Write down what was said of a try; the message stays as it is."""
    Attempt.objects.create(
        sender_id=delivery.sender_id,
        recipient_id=delivery.recipient_id,
        disclosed=delivery.disclosed,
        delivery=delivery,
        number=delivery.tries,
        channel=delivery.channel,
        state=fate.state,
        code=fate.code[:16],
        detail=fate.detail[:300],
        started_at=fate.started_at or at,
        ended_at=fate.ended_at or at,
    )


def _write(fates: Sequence[tuple[Delivery, Fate]], *, at: datetime, settled_from: Sequence[str]) -> None:
    if not fates:
        return
    following = [after(row, fate, at=at) for row, fate in fates]
    facts: dict[str, Any] = {
        "ids": [row.pk for row, _fate in fates],
        "tried": [fate.state.value for _row, fate in fates],
        "codes": [fate.code[:16] for _row, fate in fates],
        "details": [fate.detail[:300] for _row, fate in fates],
        "started": [fate.started_at or at for _row, fate in fates],
        "ended": [fate.ended_at or at for _row, fate in fates],
        "states": [one.state.value for one in following],
        "channels": [one.channel for one in following],
        "attempts": [one.attempts for one in following],
        "next_at": [one.next_at for one in following],
        "proofs": [json.dumps(fate.proof) if fate.proof is not None else None for _row, fate in fates],
        "from": list(settled_from),
    }
    with acting_as(system("deliver")):
        fetch(_SETTLE, facts)


def after(row: Delivery, fate: Fate, *, at: datetime) -> Next:
    """What follows from a fate: nothing more, another try, another channel, or a dead letter."""
    state, wait = fate.state, fate.retry_after
    if state is DeliveryState.QUEUED:
        return Next(state, row.channel, max(row.attempts - 1, 0), at + timedelta(seconds=max(wait or 0, 1)))
    if state in {DeliveryState.SENT, DeliveryState.DELIVERED}:
        return Next(state, row.channel, row.attempts, row.next_at)
    if state is DeliveryState.DEFERRED and row.attempts <= len(WAITS):
        return Next(state, row.channel, row.attempts, at + _wait(row.attempts, wait))
    if following := _next_channel(row):
        return Next(DeliveryState.QUEUED, following, 0, at)
    return Next(DeliveryState.DEAD, row.channel, row.attempts, row.next_at)


def _next_channel(row: Delivery) -> str:
    try:
        place = row.route.index(row.channel) + 1
    except ValueError:
        return ""
    return str(row.route[place]) if place < len(row.route) else ""


def _wait(attempts: int, asked: float | None) -> timedelta:
    """What the other side asked for, if it is within a day; else the schedule's step."""
    seconds = WAITS[max(attempts, 1) - 1] if asked is None else min(max(asked, 1), LONGEST_WAIT)
    return timedelta(seconds=seconds * random.SystemRandom().uniform(1, 1 + JITTER))

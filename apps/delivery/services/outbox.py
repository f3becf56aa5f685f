import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apps.core.prepared import fetch
from apps.delivery.models import Audience, Channel, Message
from apps.tenancy.context import current

CHANNELS = (Channel.PORTAL, Channel.PUSH)  # everything stands in the inbox, and is pushed by one channel besides


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message to one organisation. `key` names the occasion: the same key is never sent twice.

    `channels`: where nobody says otherwise, the inbox and whatever its router chooses. A channel that is named outright
    is the only one tried.
    """

    key: str
    message: Message
    about: str
    sender_id: int
    recipient_id: int
    facts: dict[str, Any] = field(default_factory=dict)
    urgent: bool = False
    audience: Audience = Audience.CONTACT
    channels: Sequence[Channel] = CHANNELS


_WRITE = """
WITH written AS (
  INSERT INTO delivery_delivery
    (sender_id, recipient_id, disclosed, key, channel, route, audience, message, about, facts, urgent, next_at,
     created_at)
  SELECT sender_id, recipient_id, true, key || ':' || channel, channel,
         CASE WHEN channel = ANY(%(routed)s::text[]) THEN '{}' ELSE ARRAY[channel] END,
         audience, message, about, facts, urgent, %(at)s::timestamptz, %(at)s::timestamptz
    FROM jsonb_to_recordset(%(messages)s::jsonb) AS message(
           key text, message text, about text, sender_id bigint, recipient_id bigint, facts jsonb, urgent boolean,
           audience text, channels jsonb),
         jsonb_array_elements_text(channels) AS channel
  ON CONFLICT DO NOTHING
  RETURNING 1
)
SELECT count(*) FROM written
"""


def enqueue(messages: Iterable[Outgoing], *, at: datetime) -> None:
    """Write messages to the outbox, one row per channel, in one statement; known keys are left as they are."""
    current()  # as the managers do: nothing is written for nobody
    rows = [{name: getattr(message, name) for name in message.__slots__} for message in messages]
    fetch(_WRITE, {"messages": json.dumps(rows), "routed": [channel.value for channel in CHANNELS], "at": at})

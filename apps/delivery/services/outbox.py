from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apps.delivery.models import Channel, Delivery, Message

CHANNELS = (Channel.PORTAL, Channel.PUSH)  # everything stands in the inbox, and is pushed by one channel besides


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message to one organisation. `key` names the occasion: the same key is never sent twice."""

    key: str
    message: Message
    about: str
    sender_id: int
    recipient_id: int
    facts: dict[str, Any] = field(default_factory=dict)
    urgent: bool = False


def enqueue(messages: Iterable[Outgoing], *, at: datetime) -> None:
    """Write messages to the outbox, one row per channel, in one statement; known keys are left as they are."""
    Delivery.objects.bulk_create(
        [
            Delivery(
                sender_id=message.sender_id,
                recipient_id=message.recipient_id,
                key=f"{message.key}:{channel}",
                channel=channel,
                message=message.message,
                about=message.about,
                facts=message.facts,
                urgent=message.urgent,
                next_at=at,
                created_at=at,
            )
            for message in messages
            for channel in CHANNELS
        ],
        ignore_conflicts=True,
        batch_size=None,
    )

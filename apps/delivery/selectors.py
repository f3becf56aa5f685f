from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.delivery import reasons
from apps.delivery.models import Delivery


@dataclass(frozen=True, slots=True)
class Trace:
    """What became of one message: in words for the page of what it is about, in codes for other systems."""

    message: str
    message_code: str
    channel: str
    channel_code: str
    state: str
    recipient: str
    recipient_slug: str
    created_at: datetime
    sent_at: datetime | None
    received_at: datetime | None
    attempts: int
    last_error: str


def traces(about: str) -> Sequence[Trace]:
    """Every message about a reference that whoever acts may know of, oldest first."""
    rows = Delivery.objects.filter(about=about).select_related("recipient").order_by("pk")
    return [
        Trace(
            message=row.get_message_display(),
            message_code=row.message,
            channel=row.get_channel_display(),
            channel_code=row.channel,
            state=row.state,
            recipient=row.recipient.name,
            recipient_slug=row.recipient.slug,
            created_at=row.created_at,
            sent_at=row.sent_at,
            received_at=row.received_at,
            attempts=row.attempts,
            last_error=reasons.in_words(row.last_error),
        )
        for row in rows
    ]

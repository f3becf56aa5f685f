from datetime import datetime
from typing import Any

from apps.accounts.principal import Principal
from apps.delivery.models import Channel, Delivery, DeliveryState, Message


def note_form(
    about: str, *, recipient_id: int, number: str, facts: dict[str, Any], by: Principal, at: datetime
) -> bool:
    """Write down a message that a person took to the recipient's own form; False where one was noted before."""
    _row, is_new = Delivery.objects.get_or_create(
        key=f"{about}:form",
        defaults={
            "sender_id": by.organisation_id,
            "recipient_id": recipient_id,
            "channel": Channel.EXTERNAL_FORM,
            "message": Message.REFERRAL_SENT,
            "about": about,
            "facts": {"from": by.organisation.name, **facts},
            "state": DeliveryState.DELIVERED,
            "attempts": 1,
            "tries": 1,
            "next_at": at,
            "created_at": at,
            "sent_at": at,
            "received_at": at,
            "proof": {"channel": Channel.EXTERNAL_FORM.value, "number": number},
        },
    )
    return is_new

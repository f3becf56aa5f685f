from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, JSONField, Value
from django.db.models.functions import Coalesce

from apps.accounts.principal import Principal
from apps.delivery.models import Delivery, DeliveryState


def note_read(about: Sequence[str], *, through: str, by: Principal, at: datetime) -> int:
    """The recipient has opened what these messages are about: the surest receipt there is. Returns how many it was.

    `through` is `web` or `api`. Whoever opens it first counts.
    """
    unread = Delivery.objects.filter(
        about__in=about, recipient_id=by.organisation_id, state__in=[DeliveryState.SENT, DeliveryState.DELIVERED]
    )
    proof = Value({"channel": through, "read_at": at.isoformat()}, output_field=JSONField())
    return unread.update(
        state=DeliveryState.READ,
        read_at=at,
        proof=Coalesce(F("proof"), proof, output_field=JSONField()),
        received_at=Coalesce(F("received_at"), at),
    )

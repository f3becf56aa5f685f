"""The recipient asks for its messages by API: they wait for it, and its reading is the receipt."""

from collections.abc import Collection, Iterator, Sequence, Set
from datetime import datetime

from django.utils import timezone

from apps.accounts.models import ApiToken
from apps.delivery.channels.fate import Fate
from apps.delivery.models import Delivery, DeliveryState


def reachable(organisation_ids: Collection[int]) -> Set[int]:
    """Who holds a token that works."""
    usable = ApiToken.objects.filter(
        organisation_id__in=organisation_ids, revoked_at=None, expires_at__gt=timezone.now(), user__is_active=True
    )
    return set(usable.values_list("organisation_id", flat=True).distinct())


def deliver(rows: Sequence[Delivery], *, at: datetime) -> Iterator[tuple[Delivery, Fate]]:
    for row in rows:
        yield row, Fate(DeliveryState.SENT, started_at=at, ended_at=at)

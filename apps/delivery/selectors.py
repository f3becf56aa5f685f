from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from apps.accounts.principal import Principal
from apps.core.prepared import fetch
from apps.delivery import reasons
from apps.delivery.channels import ADAPTERS
from apps.delivery.models import Attempt, Channel, Delivery, DeliveryState, Endpoint, EndpointKey, Knock, Link, Route


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


def open_links(about: str, *, at: datetime) -> Sequence[str]:
    """The addresses that hold a link which still answers about a reference."""
    rows = Link.objects.filter(about=about, ended_at=None, expires_at__gt=at).order_by("address")
    return list(rows.values_list("address", flat=True).distinct())


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


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """The public half of a key that signs, as everybody may know it."""

    id: UUID
    key: str
    since: datetime
    until: datetime | None


def published_keys() -> Sequence[PublishedKey]:
    """Every key that signs now, by one call of a SECURITY DEFINER function: nobody has to be signed in."""
    return [PublishedKey(*row) for row in fetch("SELECT id, key, since, until FROM tenancy.webhook_keys()", [])]


def endpoints_of(principal: Principal) -> QuerySet[Endpoint]:
    """The acting organisation's endpoints, with their keys and what was asked of them, the newest first of each."""
    return Endpoint.objects.filter(organisation_id=principal.organisation_id).prefetch_related(
        Prefetch("keys", EndpointKey.objects.order_by("-created_at", "-pk")),
        Prefetch("knocks", Knock.objects.order_by("-pk")),
    )


def attempts_by_webhook(principal: Principal, *, limit: int) -> Sequence[Attempt]:
    """The newest messages tried at the acting organisation's endpoints."""
    rows = Attempt.objects.filter(recipient_id=principal.organisation_id, channel=Channel.WEBHOOK)
    return list(rows.select_related("delivery").order_by("-pk")[:limit])


def deliveries_of(principal: Principal) -> QuerySet[Delivery]:
    """Messages from and to the acting organisation."""
    mine = principal.organisation_id
    rows = Delivery.objects.filter(Q(sender_id=mine) | Q(recipient_id=mine, disclosed=True))
    return rows.select_related("sender", "recipient")


def dead_letters(principal: Principal) -> int:
    """How many messages from or to the acting organisation no channel could deliver."""
    return deliveries_of(principal).filter(state=DeliveryState.DEAD).count()


def preferred_channels(principal: Principal) -> Sequence[str]:
    """The order that the acting organisation has chosen; empty where it has not."""
    own = Route.objects.filter(organisation_id=principal.organisation_id).first()
    return own.channels if own else ()


def reachable_by(organisation_id: int) -> Set[Channel]:
    """The channels that work for an organisation now, whatever its order."""
    return {channel for channel, adapter in ADAPTERS.items() if adapter.reachable([organisation_id])}

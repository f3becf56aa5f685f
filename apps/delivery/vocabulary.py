"""The words of this app, for interfaces: they name states and channels, and leave the tables to the services."""

from apps.delivery.models import (
    ROUTABLE,
    Audience,
    Channel,
    DeliveryState,
    EndpointReason,
    EndpointState,
    KnockKind,
    Message,
)

__all__ = [
    "ROUTABLE",
    "Audience",
    "Channel",
    "DeliveryState",
    "EndpointReason",
    "EndpointState",
    "KnockKind",
    "Message",
]

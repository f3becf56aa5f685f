"""The words of this app, for interfaces: they name states and channels, and leave the tables to the services."""

from apps.delivery.models import Channel, DeliveryState, EndpointReason, EndpointState, KnockKind, Message

__all__ = ["Channel", "DeliveryState", "EndpointReason", "EndpointState", "KnockKind", "Message"]

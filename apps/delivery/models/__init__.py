from apps.delivery.models.attempt import Attempt
from apps.delivery.models.delivery import PENDING, Channel, Delivery, DeliveryState, Message
from apps.delivery.models.endpoint import Endpoint, EndpointKey, EndpointReason, EndpointState, Knock, KnockKind
from apps.delivery.models.route import ROUTABLE, Route

__all__ = [
    "PENDING",
    "ROUTABLE",
    "Attempt",
    "Channel",
    "Delivery",
    "DeliveryState",
    "Endpoint",
    "EndpointKey",
    "EndpointReason",
    "EndpointState",
    "Knock",
    "KnockKind",
    "Message",
    "Route",
]

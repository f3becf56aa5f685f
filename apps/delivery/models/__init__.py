from apps.delivery.models.attempt import Attempt
from apps.delivery.models.delivery import PENDING, Audience, Channel, Delivery, DeliveryState, Message
from apps.delivery.models.endpoint import Endpoint, EndpointKey, EndpointReason, EndpointState, Knock, KnockKind
from apps.delivery.models.health import ContactHealth, Probe, ProbeState
from apps.delivery.models.inbound import InboundMail, InboundState
from apps.delivery.models.link import Link, LinkEnd
from apps.delivery.models.route import ROUTABLE, Route

__all__ = [
    "PENDING",
    "ROUTABLE",
    "Attempt",
    "Audience",
    "Channel",
    "ContactHealth",
    "Delivery",
    "DeliveryState",
    "Endpoint",
    "EndpointKey",
    "EndpointReason",
    "EndpointState",
    "InboundMail",
    "InboundState",
    "Knock",
    "KnockKind",
    "Link",
    "LinkEnd",
    "Message",
    "Probe",
    "ProbeState",
    "Route",
]

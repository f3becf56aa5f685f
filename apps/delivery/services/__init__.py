"""The outbox. Writing to it is part of the act's own transaction; emptying it is the worker's."""

from apps.delivery.services.emptying import deliver_pending
from apps.delivery.services.outbox import Outgoing, enqueue

__all__ = ["Outgoing", "deliver_pending", "enqueue"]

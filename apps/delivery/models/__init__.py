from apps.delivery.models.delivery import Channel, Delivery, DeliveryState, Message

__all__ = ["Channel", "Delivery", "DeliveryState", "Message"]

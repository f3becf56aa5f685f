from typing import Any

from rest_framework import serializers

from apps.api.answers import moment
from apps.delivery.selectors import Trace


class DeliveryRow(serializers.Serializer[Any]):
    """One message to one channel of one organisation, and the proof of what became of it."""

    message = serializers.CharField(help_text="What is told, e.g. `referral_sent`.")
    channel = serializers.CharField(
        help_text="`portal`, `api`, `webhook`, `email`, `email_link`, `external_form`; `push`: not routed yet."
    )
    state = serializers.CharField(help_text="`queued`, `sending`, `deferred`, `sent`, `delivered`, `read` or `dead`.")
    recipient = serializers.CharField(help_text="The organisation's slug.")
    created_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    received_at = serializers.DateTimeField(allow_null=True)
    attempts = serializers.IntegerField()
    last_error = serializers.CharField()


class Deliveries(serializers.Serializer[Any]):
    referral = serializers.CharField()
    results = DeliveryRow(many=True, help_text="Oldest first.")


def write_trace(trace: Trace) -> dict[str, Any]:
    return {
        "message": trace.message_code,
        "channel": trace.channel_code,
        "state": trace.state,
        "recipient": trace.recipient_slug,
        "created_at": moment(trace.created_at),
        "sent_at": moment(trace.sent_at),
        "received_at": moment(trace.received_at),
        "attempts": trace.attempts,
        "last_error": trace.last_error,
    }

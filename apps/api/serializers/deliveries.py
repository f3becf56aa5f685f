from typing import Any

from rest_framework import serializers

from apps.api.answers import moment
from apps.api.serializers.fields import Text
from apps.delivery.mail.reminders import is_of_several, references
from apps.delivery.reasons import in_words
from apps.delivery.vocabulary import Channel, DeliveryState, Message

MOST_IDS = 1000


class DeliveryRow(serializers.Serializer[Any]):
    """One message to one channel of one organisation, and what became of it."""

    id = serializers.UUIDField(help_text="The `webhook-id` of a webhook.")
    referral = serializers.CharField(help_text="The reference it is about; empty for a reminder of several.")
    referrals = serializers.ListField(child=serializers.CharField(), help_text="Every reference it names.")
    message = serializers.ChoiceField(Message.choices)
    channel = serializers.ChoiceField(Channel.choices, help_text="`push`: not routed yet.")
    state = serializers.ChoiceField(DeliveryState.choices)
    sender = serializers.CharField(help_text="The organisation's slug.")
    recipient = serializers.CharField(help_text="The organisation's slug.")
    created_at = serializers.DateTimeField()
    next_at = serializers.DateTimeField(allow_null=True, help_text="When it is tried next; null where it is not.")
    sent_at = serializers.DateTimeField(allow_null=True)
    received_at = serializers.DateTimeField(allow_null=True)
    attempts = serializers.IntegerField(help_text="On all channels.")
    last_error = serializers.CharField()


class AttemptRow(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    channel = serializers.ChoiceField(Channel.choices)
    state = serializers.ChoiceField(DeliveryState.choices)
    code = serializers.CharField(help_text="What the other side answered: an HTTP or SMTP code.")
    detail = serializers.CharField()
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()


class DeliveryDetail(DeliveryRow):
    proof = serializers.DictField(allow_null=True, help_text="What shows the receipt; its fields follow the channel.")
    tries = AttemptRow(many=True, help_text="Oldest first.")


class ReplayIn(serializers.Serializer[Any]):
    """Which dead letters to send again: all those that match every field that is given; none given: all."""

    ids = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=MOST_IDS)
    referral = Text(max_length=24, required=False)
    channel = serializers.ChoiceField(Channel.choices, required=False)
    message = serializers.ChoiceField(Message.choices, required=False)
    since = serializers.DateTimeField(required=False, help_text="Written at this time or later.")
    until = serializers.DateTimeField(required=False, help_text="Written before this time.")


class ReplayedOut(serializers.Serializer[Any]):
    replayed = serializers.IntegerField()
    left = serializers.IntegerField(help_text="Dead letters that match as well: at most 5,000 go at once. Call again.")


def write_delivery(row: Any) -> dict[str, Any]:
    waits = row.state in {DeliveryState.QUEUED, DeliveryState.DEFERRED, DeliveryState.SENDING}
    return {
        "id": str(row.public_id),
        "referral": "" if is_of_several(row) else row.about,
        "referrals": references(row) or [row.about],
        "message": row.message,
        "channel": row.channel,
        "state": row.state,
        "sender": row.sender.slug,
        "recipient": row.recipient.slug,
        "created_at": moment(row.created_at),
        "next_at": moment(row.next_at) if waits else None,
        "sent_at": moment(row.sent_at),
        "received_at": moment(row.received_at),
        "attempts": row.tries,
        "last_error": in_words(row.last_error),
    }


def write_delivery_detail(row: Any) -> dict[str, Any]:
    return {
        **write_delivery(row),
        "proof": row.proof,
        "tries": [write_attempt(one) for one in row.tried.order_by("pk")],
    }


def write_attempt(one: Any) -> dict[str, Any]:
    return {
        "number": one.number,
        "channel": one.channel,
        "state": one.state,
        "code": one.code,
        "detail": in_words(one.detail),
        "started_at": moment(one.started_at),
        "ended_at": moment(one.ended_at),
    }

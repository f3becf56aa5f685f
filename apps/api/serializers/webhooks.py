from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from rest_framework import serializers

from apps.api.answers import moment
from apps.api.serializers.fields import Text
from apps.delivery.reasons import in_words
from apps.delivery.vocabulary import EndpointState, KnockKind, Message

LONGEST_OVERLAP_HOURS = 168


class WebhookIn(serializers.Serializer[Any]):
    """An address that shall take messages."""

    url = Text(max_length=500, help_text="https, port 443 or 8443, a host name of the public internet.")
    description = Text(max_length=100, required=False, default="", allow_blank=True)
    messages = serializers.ListField(
        child=Text(max_length=32),
        required=False,
        default=list,
        max_length=100,
        help_text="Which kinds of messages it takes, e.g. `referral_sent`; empty or left out: all.",
    )


class WebhookChange(serializers.Serializer[Any]):
    """What is left out stays as it is."""

    url = Text(max_length=500, required=False, help_text="A new address is asked a challenge before it is in service.")
    description = Text(max_length=100, required=False, allow_blank=True)
    messages = serializers.ListField(
        child=Text(max_length=32), required=False, max_length=100, help_text="Which kinds it takes; empty: all."
    )


class RotationIn(serializers.Serializer[Any]):
    overlap_hours = serializers.IntegerField(
        required=False,
        default=24,
        min_value=0,
        max_value=LONGEST_OVERLAP_HOURS,
        help_text="How long the present keys sign as well. 0 after a leak: they stop at once.",
    )


class WebhookKey(serializers.Serializer[Any]):
    """One generation of keys. Its secret is shown once, when it is made."""

    id = serializers.UUIDField()
    public_key = serializers.CharField(help_text="Ed25519: `whpk_` and base64.")
    created_at = serializers.DateTimeField()
    retires_at = serializers.DateTimeField(allow_null=True, help_text="Until then it signs beside the newer one.")


class WebhookCheck(serializers.Serializer[Any]):
    """The newest challenge or test. `succeeded` is null while nobody has answered."""

    kind = serializers.ChoiceField(KnockKind.choices)
    asked_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    succeeded = serializers.BooleanField(allow_null=True)
    code = serializers.CharField(help_text="The HTTP status; `timeout`, `tls`, `name`, `connection` or `forbidden`.")
    detail = serializers.CharField()


class WebhookRow(serializers.Serializer[Any]):
    """An address of the organisation that takes messages."""

    id = serializers.UUIDField()
    url = serializers.CharField()
    description = serializers.CharField()
    messages = serializers.ListField(child=serializers.ChoiceField(Message.choices), help_text="Empty: all.")
    state = serializers.ChoiceField(EndpointState.choices)
    reason = serializers.CharField(
        help_text="Why, where nobody decided it: `new`, `challenge_failed`, `gone`, `forbidden` or `failing`."
    )
    since = serializers.DateTimeField(help_text="In this state since.")
    left_alone_until = serializers.DateTimeField(allow_null=True, help_text="After failures it is left alone a while.")
    created_at = serializers.DateTimeField()
    keys = WebhookKey(many=True, help_text="Those that sign, the newest first.")
    last_check = WebhookCheck(allow_null=True)


class WebhookMade(WebhookRow):
    secret = serializers.CharField(help_text="HMAC-SHA256: `whsec_` and base64. Shown only this once; keep it.")


class KeyLike(Protocol):
    """What is read of a key: its table is the domain's."""

    public_id: UUID
    public_key: str
    created_at: datetime
    retires_at: datetime | None


def write_webhook(endpoint: Any, *, at: datetime) -> dict[str, Any]:
    open_until = endpoint.open_until
    return {
        "id": str(endpoint.public_id),
        "url": endpoint.url,
        "description": endpoint.description,
        "messages": endpoint.messages,
        "state": endpoint.state,
        "reason": endpoint.reason,
        "since": moment(endpoint.since),
        "left_alone_until": moment(open_until) if open_until and open_until > at else None,
        "created_at": moment(endpoint.created_at),
        "keys": [write_key(key) for key in endpoint.keys.all() if key.retires_at is None or key.retires_at > at],
        "last_check": write_check(endpoint.knocks.all()[:1]),
    }


def write_key(key: KeyLike) -> dict[str, Any]:
    return {
        "id": str(key.public_id),
        "public_key": key.public_key,
        "created_at": moment(key.created_at),
        "retires_at": moment(key.retires_at),
    }


def write_check(newest: Sequence[Any]) -> dict[str, Any] | None:
    for knock in newest:
        return {
            "kind": knock.kind,
            "asked_at": moment(knock.asked_at),
            "ended_at": moment(knock.ended_at),
            "succeeded": knock.succeeded if knock.ended_at else None,
            "code": knock.code,
            "detail": in_words(knock.detail),
        }
    return None

from datetime import datetime
from typing import Any

from rest_framework import serializers

from apps.api.answers import moment
from apps.api.serializers.desk import TrackingOut, write_tracking
from apps.referrals.models import Tracking
from apps.referrals.transitions import ItemState
from apps.taxonomy.outcomes import Outcome


class DecisionOut(serializers.Serializer[Any]):
    """What the platform decided, and why. The newest decision counts; an earlier one stays in the history."""

    outcome = serializers.ChoiceField(Outcome.choices)
    refusal_reason = serializers.CharField()
    ground = serializers.CharField()
    legal_ground = serializers.CharField()
    explanation = serializers.CharField()
    acted_at = serializers.DateTimeField(allow_null=True)
    automated_detection = serializers.BooleanField(allow_null=True)
    automated_decision = serializers.CharField()
    territorial_scope = serializers.ListField(child=serializers.CharField())
    restrictions = serializers.ListField(child=serializers.CharField(), help_text="Everything that was restricted.")
    ends_on = serializers.DateField(allow_null=True, help_text="The end of the restrictions, where one is set.")
    forwarded_to = serializers.CharField(help_text="Which other service has it, in the platform's words.")
    platform_reference = serializers.CharField()
    decided_at = serializers.DateTimeField()


class ItemRow(serializers.Serializer[Any]):
    """One address. `row` is its place in the filing, from 0."""

    reference = serializers.CharField()
    referral = serializers.CharField()
    sender = serializers.CharField(help_text="Its slug.")
    platform = serializers.CharField(help_text="Its slug.")
    row = serializers.IntegerField()
    external_id = serializers.CharField()
    url = serializers.CharField(help_text="Canonical. Unsafe to open: it is what was reported.")
    url_as_received = serializers.CharField()
    host = serializers.CharField()
    content_type = serializers.CharField()
    content_language = serializers.CharField()
    account = serializers.CharField()
    published_on = serializers.DateField(allow_null=True)
    note = serializers.CharField()
    state = serializers.ChoiceField(ItemState.choices)
    outcome = serializers.ChoiceField(Outcome.choices, allow_blank=True, help_text="Empty until it is decided.")
    decided_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    overdue = serializers.BooleanField()
    decision = DecisionOut(allow_null=True)
    tracking = TrackingOut(allow_null=True, help_text="For the platform alone; null for everybody else.")


# What a list reads of each item: rows without models, because a page has up to two hundred of them.
COLUMNS = (
    "pk",
    "reference",
    "referral__reference",
    "sender__slug",
    "recipient__slug",
    "row",
    "external_id",
    "url",
    "url_raw",
    "host",
    "content_type",
    "content_language",
    "account",
    "published_on",
    "note",
    "state",
    "outcome",
    "decided_at",
    "due_at",
    "filed_at",
)
DECISION_COLUMNS = tuple(DecisionOut().fields)


def write_item(row: Any, decision: Any | None, tracking: Tracking | None = None, *, at: datetime) -> dict[str, Any]:
    """`row` has the `COLUMNS` as attributes."""
    is_open = row.state == ItemState.OPEN
    return {
        "reference": row.reference,
        "referral": row.referral__reference,
        "sender": row.sender__slug,
        "platform": row.recipient__slug,
        "row": row.row,
        "external_id": row.external_id,
        "url": row.url,
        "url_as_received": row.url_raw,
        "host": row.host,
        "content_type": row.content_type,
        "content_language": row.content_language,
        "account": row.account,
        "published_on": row.published_on.isoformat() if row.published_on else None,
        "note": row.note,
        "state": row.state,
        "outcome": row.outcome,
        "decided_at": moment(row.decided_at),
        "due_at": moment(row.due_at),
        "overdue": is_open and row.due_at is not None and row.due_at < at,
        "decision": write_decision(decision) if decision else None,
        "tracking": write_tracking(tracking),
    }


def write_decision(row: Any) -> dict[str, Any]:
    """`row` has the `DECISION_COLUMNS` as attributes."""
    return {
        "outcome": row.outcome,
        "refusal_reason": row.refusal_reason,
        "ground": row.ground,
        "legal_ground": row.legal_ground,
        "explanation": row.explanation,
        "acted_at": moment(row.acted_at),
        "automated_detection": row.automated_detection,
        "automated_decision": row.automated_decision,
        "territorial_scope": row.territorial_scope,
        "restrictions": row.restrictions,
        "ends_on": row.ends_on.isoformat() if row.ends_on else None,
        "forwarded_to": row.forwarded_to,
        "platform_reference": row.platform_reference,
        "decided_at": moment(row.decided_at),
    }

from typing import Any

from rest_framework import serializers

from apps.api.answers import moment
from apps.api.serializers.fields import Code, Text, Truth
from apps.verification.findings import BY_PERSON, Finding, Reason
from apps.verification.models import Check, Source

BY_HAND = [(one.value, one.label) for one in BY_PERSON]


class CheckIn(serializers.Serializer[Any]):
    finding = Code(choices=BY_HAND)
    note = Text(max_length=1000, allow_blank=True, default="", help_text="Where and how it was looked at.")
    tell_platform = Truth(default=False, help_text="Whether the platform reads this look, with its note.")


class CheckOut(serializers.Serializer[Any]):
    """One look at an address. `reason` is a code of what it was found by; `detail` says it in words."""

    finding = serializers.ChoiceField(Finding.choices)
    reason = serializers.ChoiceField(Reason.choices)
    detail = serializers.CharField()
    looked_by = serializers.ChoiceField(Source.choices, help_text="A person of the sender, or the checker.")
    note = serializers.CharField()
    at = serializers.DateTimeField()
    disclosed = serializers.BooleanField(help_text="Whether the platform may read it.")
    after_days = serializers.IntegerField(allow_null=True, help_text="Of a planned look: days after the claim.")
    http_status = serializers.IntegerField(allow_null=True)
    final_host = serializers.CharField(help_text="The host that answered in the end.")
    checker_version = serializers.CharField()


def write_check(row: Check) -> dict[str, Any]:
    return {
        "finding": row.finding,
        "reason": row.reason,
        "detail": Reason(row.reason).label,
        "looked_by": row.source,
        "note": row.note,
        "at": moment(row.at),
        "disclosed": row.disclosed,
        "after_days": row.after_days,
        "http_status": row.http_status,
        "final_host": row.final_host,
        "checker_version": row.checker_version,
    }

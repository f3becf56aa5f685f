from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rest_framework import serializers

from apps.accounts.principal import Principal
from apps.api.answers import moment
from apps.api.serializers.referrals import ReferralRow, write_referral
from apps.referrals.models import Case, Referral


class CaseRow(serializers.Serializer[Any]):
    """One filing of many addresses: the sender's own working file, which no platform sees."""

    reference = serializers.CharField()
    external_id = serializers.CharField()
    title = serializers.CharField()
    note = serializers.CharField()
    source = serializers.ChoiceField(["web", "upload", "api"])  # type: ignore[assignment]  # a field of that name
    created_at = serializers.DateTimeField()
    rows = serializers.IntegerField(help_text="How many rows came.")


class CaseDetail(CaseRow):
    referrals = ReferralRow(many=True)
    leftovers = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many rows did not become items, by result."
    )


def write_case(row: Case) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "external_id": row.external_id,
        "title": row.title,
        "note": row.note,
        "source": row.source,
        "created_at": moment(row.created_at),
        "rows": row.row_count,
    }


def write_case_detail(
    row: Case, referrals: Sequence[Referral], leftovers: Mapping[str, int], *, by: Principal, at: datetime
) -> dict[str, Any]:
    return {
        **write_case(row),
        "referrals": [write_referral(referral, by=by, at=at) for referral in referrals],
        "leftovers": leftovers,
    }

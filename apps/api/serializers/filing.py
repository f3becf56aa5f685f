"""The filing: its envelope is read by a serializer, its rows by `apps.referrals.intake`, ten thousand at a time."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.api.serializers.fields import Code, Text, Truth
from apps.referrals.instruments import FILEABLE
from apps.referrals.intake.rows import LIMITS
from apps.referrals.services import Filed, RowResult
from apps.referrals.services.filing_rules import LENGTHS
from apps.referrals.services.planning import Result
from apps.referrals.transitions import State
from apps.taxonomy.areas import Area
from apps.taxonomy.categories import Category
from apps.taxonomy.keywords import Keyword
from apps.taxonomy.sharing import Pap, Tlp
from apps.taxonomy.statements import ContentType
from apps.taxonomy.urgency import Urgency

MOST_KEYWORDS = 50
INSTRUMENTS = [(one.value, one.label) for one in FILEABLE]
RESULTS = [(one.value, one.value) for one in Result]


class ItemIn(serializers.Serializer[Any]):
    """One address to refer. Read by the intake; here for the documentation."""

    url = serializers.CharField(max_length=8192, help_text="http or https; kept as it comes.")
    external_id = serializers.CharField(required=False, allow_blank=True, max_length=LIMITS["external_id"])
    content_type = serializers.ChoiceField(ContentType.choices, required=False)
    content_language = serializers.CharField(required=False, allow_blank=True, max_length=3, help_text="ISO 639-1")
    account = serializers.CharField(required=False, allow_blank=True, max_length=LIMITS["account"])
    published_on = serializers.DateField(required=False, help_text="Not in the future.")
    note = serializers.CharField(required=False, allow_blank=True, max_length=LIMITS["note"])


@extend_schema_field(ItemIn(many=True))
class Rows(serializers.Field[Any, Any, Any, Any]):
    """A list of whatever was sent: each row answers for itself."""

    default_error_messages = {"no_list": _("Send a list of items, each an object with a `url`.")}

    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list) or not data:
            self.fail("no_list")
        return data


class FilingIn(serializers.Serializer[Any]):
    """What holds for all items, and the items."""

    instrument = Code(INSTRUMENTS)
    area = Code(Area.choices)
    category = Code(Category.choices)
    keywords = serializers.ListField(child=Code(Keyword.choices), required=False, max_length=MOST_KEYWORDS)
    legal_basis = Text(required=False, allow_blank=True, max_length=LENGTHS["legal_basis"])
    reasons = Text(max_length=LENGTHS["reasons"], help_text="Why the content is illegal.")
    language = Text(required=False, max_length=3, help_text="ISO 639-1: of the reasons; `en`.")
    urgency = Code(Urgency.choices, required=False)
    tlp = Code(Tlp.choices, required=False)
    pap = Code(Pap.choices, required=False)
    good_faith = Truth(required=False, help_text="Accurate and complete (DSA Art 16(2)(d)).")
    title = Text(required=False, allow_blank=True, max_length=LENGTHS["title"])
    note = Text(required=False, allow_blank=True, max_length=LENGTHS["note"], help_text="For your house.")
    external_id = Text(required=False, allow_blank=True, max_length=LENGTHS["external_id"])
    submit = Truth(required=False, help_text="Hand in at once; `false` leaves drafts.")
    items = Rows()


class FiledReferralOut(serializers.Serializer[Any]):
    reference = serializers.CharField(allow_null=True, help_text="Null in a dry run.")
    platform = serializers.CharField(help_text="Its slug.")
    platform_name = serializers.CharField()
    state = serializers.ChoiceField(State.choices)
    items = serializers.IntegerField()


class FiledRow(serializers.Serializer[Any]):
    """What became of one item. For a duplicate, `item` is the one that is known already."""

    row = serializers.IntegerField(help_text="Its place in `items`, from 0.")
    result = serializers.ChoiceField(RESULTS)
    item = serializers.CharField(allow_null=True)
    referral = serializers.CharField(allow_null=True)
    platform = serializers.CharField(allow_null=True)
    code = serializers.CharField(allow_null=True)
    detail = serializers.CharField(allow_null=True)


class FiledOut(serializers.Serializer[Any]):
    case = serializers.CharField(allow_null=True, help_text="Null in a dry run.")
    referrals = FiledReferralOut(many=True)
    rows = FiledRow(many=True)


def write_filed(filed: Filed) -> dict[str, Any]:
    return {
        "case": filed.case or None,
        "referrals": [
            {
                "reference": referral.reference or None,
                "platform": referral.platform_slug,
                "platform_name": referral.platform_name,
                "state": referral.state,
                "items": referral.items,
            }
            for referral in filed.referrals
        ],
        "rows": write_rows(filed.rows),
    }


def write_rows(rows: Sequence[RowResult]) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "row": row.row,
            "result": row.result,
            "item": row.item or None,
            "referral": row.referral or None,
            "platform": row.platform or None,
            "code": row.code or None,
            "detail": row.detail or None,
        }
        for row in rows
    ]

from collections.abc import Mapping, Sequence
from typing import Any

from rest_framework import serializers

from apps.api.answers import moment
from apps.api.serializers.fields import Text
from apps.referrals.models import Tracking
from apps.referrals.services import Noted
from apps.referrals.services.desk import NUMBER_LENGTH

MOST_ITEMS = 1000
RESULTS = ("done", "refused")


class TrackingOut(serializers.Serializer[Any]):
    """A platform's own notes about an item. No sender ever sees them."""

    assignee = serializers.EmailField(allow_null=True, help_text="Whose desk it is on.")
    assigned_at = serializers.DateTimeField(allow_null=True)
    snoozed_until = serializers.DateTimeField(allow_null=True, help_text="Until when it is put off.")
    number = serializers.CharField(help_text="Its number in the platform's own system.")


class ItemsIn(serializers.Serializer[Any]):
    items = serializers.ListField(
        child=Text(max_length=24), allow_empty=False, max_length=MOST_ITEMS, help_text="References, up to 1,000."
    )


class AssigningIn(ItemsIn):
    assignee = Text(max_length=254, help_text="The e-mail address of a member who may answer.")


class SnoozingIn(ItemsIn):
    until = serializers.DateTimeField(allow_null=True, help_text="Null brings the items back at once.")


class NumberIn(serializers.Serializer[Any]):
    item = Text(max_length=24)
    number = Text(max_length=NUMBER_LENGTH, allow_blank=True, help_text="Empty removes it.")


class NumberingIn(serializers.Serializer[Any]):
    numbers = serializers.ListField(child=NumberIn(), allow_empty=False, max_length=MOST_ITEMS)


class NotedRow(serializers.Serializer[Any]):
    """What became of one item. `until`: when one that was put off comes back."""

    row = serializers.IntegerField(help_text="Its place in the list, from 0.")
    item = serializers.CharField()
    result = serializers.ChoiceField(RESULTS)
    until = serializers.DateTimeField(allow_null=True)
    code = serializers.CharField(allow_null=True)
    detail = serializers.CharField(allow_null=True)


class NotedOut(serializers.Serializer[Any]):
    rows = NotedRow(many=True)


def write_tracking(row: Tracking | None) -> Mapping[str, Any] | None:
    if row is None:
        return None
    return {
        "assignee": row.assignee.email if row.assignee else None,
        "assigned_at": moment(row.assigned_at),
        "snoozed_until": moment(row.snoozed_until),
        "number": row.number,
    }


def write_noted(noted: Sequence[Noted]) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "row": place,
            "item": one.item,
            "result": one.result,
            "until": moment(one.until),
            "code": one.code.value if one.code else None,
            "detail": one.code.label if one.code else None,
        }
        for place, one in enumerate(noted)
    ]

from typing import Any

from rest_framework import serializers

from apps.api.serializers.fields import Text
from apps.referrals.transitions import State

MOST_REFERENCES = 1000
RESULTS = ("done", "refused")


class Words(serializers.Serializer[Any]):
    """What the other side will read."""

    text = Text(max_length=5000)


class Nothing(serializers.Serializer[Any]):
    """No field; the body may be left out."""


class References(serializers.Serializer[Any]):
    references = serializers.ListField(child=Text(max_length=24), allow_empty=False, max_length=MOST_REFERENCES)


class ReferencesWithWords(References):
    text = Text(max_length=5000)


class ActedRow(serializers.Serializer[Any]):
    """What became of one reference. `code` and `detail` are null where it was done."""

    row = serializers.IntegerField(help_text="Its place in the list, from 0.")
    reference = serializers.CharField()
    result = serializers.ChoiceField(RESULTS)
    state = serializers.ChoiceField(State.choices, allow_null=True, help_text="The state it is in now.")
    code = serializers.CharField(allow_null=True)
    detail = serializers.CharField(allow_null=True)


class Acted(serializers.Serializer[Any]):
    rows = ActedRow(many=True)

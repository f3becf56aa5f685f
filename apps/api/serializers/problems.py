from typing import Any

from rest_framework import serializers

from apps.api.serializers.filing import FiledRow


class Problem(serializers.Serializer[Any]):
    """RFC 9457. `code` is stable and meant for programs; `detail` is a sentence in the language asked for."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # a field of that name, not the serializer's own
        child=serializers.ListField(child=serializers.CharField()), required=False, help_text="Sentences by field."
    )
    limit = serializers.IntegerField(required=False, help_text="How many the call takes, where more came.")
    rows = FiledRow(many=True, required=False, help_text="What is wrong with each row, where none could be filed.")
    state = serializers.CharField(required=False, help_text="The present state, where it forbids the act.")

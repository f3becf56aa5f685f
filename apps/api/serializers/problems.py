from typing import Any

from rest_framework import serializers


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
    state = serializers.CharField(required=False, help_text="The present state, where it forbids the act.")

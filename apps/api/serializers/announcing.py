from typing import Any

from rest_framework import serializers

from apps.api.serializers.acts import References
from apps.api.serializers.fields import Text


class AnnouncementIn(serializers.Serializer[Any]):
    until = serializers.DateTimeField(help_text="When the answer will be there at the latest.")
    text = Text(max_length=500, required=False, help_text="What the sender reads with it.")


class AnnouncementsIn(References):
    until = serializers.DateTimeField(help_text="When the answers will be there at the latest.")
    text = Text(max_length=500, required=False, help_text="What the senders read with it.")

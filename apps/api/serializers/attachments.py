"""Files in JSON: base64 in, an address to fetch them from out."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.api.answers import moment
from apps.api.serializers.acts import Words
from apps.referrals.models import Attachment, Referral
from apps.referrals.services import GivenFile

MOST_FILES = 5


class FileIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=150)
    content = serializers.CharField(help_text="Its bytes in base64 (RFC 4648): PDF, PNG, JPEG or plain text, 5 MB.")


@extend_schema_field(FileIn(many=True))
class Files(serializers.Field[Any, Any, Any, Any]):
    """A list of files, each with its name and its bytes in base64."""

    default_error_messages = {
        "no_list": _("Send a list of files, each an object with `name` and `content`, and nothing else."),
        "no_base64": _("The content of “%(name)s” is no base64. Encode its bytes (RFC 4648)."),
    }

    def to_internal_value(self, data: Any) -> list[GivenFile]:
        if not isinstance(data, list):
            self.fail("no_list")
        return [self._file(one) for one in data]

    def _file(self, given: Any) -> GivenFile:
        if not isinstance(given, dict) or given.keys() != {"name", "content"}:
            self.fail("no_list")
        if not all(isinstance(value, str) for value in given.values()):
            self.fail("no_list")
        try:
            return GivenFile(given["name"], base64.b64decode(given["content"], validate=True))
        except (binascii.Error, ValueError):
            sentence = self.error_messages["no_base64"] % {"name": given["name"][:100]}
            raise serializers.ValidationError(sentence) from None


class WordsAndFiles(Words):
    """What the other side will read, and files that go with it."""

    files = Files(required=False)


class AttachmentOut(serializers.Serializer[Any]):
    """A file of the conversation; `GET referrals/{reference}/attachments/{key}/` gives its bytes."""

    key = serializers.UUIDField()
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField(help_text="Hexadecimal.")
    organisation = serializers.CharField(help_text="The slug of the side that added it.")
    at = serializers.DateTimeField()


def write_attachments(rows: Sequence[Attachment], referral: Referral) -> list[dict[str, Any]]:
    slugs = {referral.sender_id: referral.sender.slug, referral.recipient_id: referral.recipient.slug}
    return [
        {
            "key": str(row.key),
            "name": row.name,
            "media_type": row.media_type,
            "size": row.size,
            "sha256": bytes(row.sha256).hex(),
            "organisation": slugs.get(row.organisation_id),
            "at": moment(row.at),
        }
        for row in rows
    ]

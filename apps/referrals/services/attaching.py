"""Files that go with a question to the sender, or with the reply."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.principal import Principal
from apps.core.errors import Refused
from apps.referrals.models import Attachment, Referral
from apps.taxonomy.areas import WITHOUT_MATERIAL

MOST_FILES = 5
LARGEST = 5 * 1024 * 1024
NAME_LENGTH = 150
# What a file begins with decides, never its name: whoever opens it later must get what was promised.
SIGNATURES: Mapping[bytes, str] = MappingProxyType(
    {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
)
TEXT = "text/plain; charset=utf-8"
_UNFIT = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|]+')


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file as it came: `name` as the other side called it, `content` all of its bytes."""

    name: str
    content: bytes


class AttachmentRefused(Refused):
    """`facts["errors"]` says which rule; nothing was sent."""

    code = "attachment_refused"
    message = gettext_lazy("A file cannot be attached; see `errors`. Nothing was sent.")

    def __init__(self, sentence: str | Promise):
        super().__init__(sentence, errors={"files": [str(sentence)]})


def check_files(files: Sequence[GivenFile], referral: Referral) -> None:
    """Refuse what may not go along: too many, too large, of another kind; in the child-abuse lane anything at all."""
    if not files:
        return
    if referral.area in WITHOUT_MATERIAL:
        raise AttachmentRefused(_("No files are exchanged in this area. Describe what you mean in words."))
    if len(files) > MOST_FILES:
        raise AttachmentRefused(_("Attach at most five files at a time. Remove some, or put them into one PDF."))
    for file in files:
        facts = {"name": clean_name(file.name)}
        if not file.content:
            raise AttachmentRefused(_("“%(name)s” is empty. Choose it again.") % facts)
        if len(file.content) > LARGEST:
            raise AttachmentRefused(_("“%(name)s” is larger than 5 MB. Make it smaller, or split it.") % facts)
        if not media_type_of(file.content):
            raise AttachmentRefused(_("“%(name)s” is no PDF, PNG, JPEG or plain text. Attach one of these.") % facts)


def attach(
    files: Sequence[GivenFile], referrals: Sequence[Referral], *, verb: str, by: Principal, at: datetime
) -> None:
    """Keep checked files with the event (`verb`, `at`) that they belong to, in one statement."""
    Attachment.objects.bulk_create(
        Attachment(
            sender_id=referral.sender_id,
            recipient_id=referral.recipient_id,
            referral_id=referral.pk,
            verb=verb,
            at=at,
            organisation_id=by.organisation_id,
            name=clean_name(file.name),
            media_type=media_type_of(file.content),
            size=len(file.content),
            sha256=hashlib.sha256(file.content).digest(),
            content=file.content,
        )
        for referral in referrals
        for file in files
    )


def media_type_of(content: bytes) -> str:
    """By its first bytes; UTF-8 text without control characters is text; empty for everything else."""
    for signature, media_type in SIGNATURES.items():
        if content.startswith(signature):
            return media_type
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return ""
    return TEXT if not re.search(r"[\x00-\x08\x0e-\x1f]", text) else ""


def clean_name(name: str) -> str:
    """A name that every system can write to disk, and that hides no second ending behind it."""
    visible = "".join(one for one in unicodedata.normalize("NFC", name) if unicodedata.category(one) != "Cf")
    fit = _UNFIT.sub("_", visible).strip(" .")
    return fit[-NAME_LENGTH:] or "file"

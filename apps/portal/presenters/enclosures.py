"""The files of a conversation, as the page of a referral lists them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.template.defaultfilters import filesizeformat

from apps.referrals.models import Referral
from apps.referrals.selectors import attachments_of


@dataclass(frozen=True, slots=True)
class Enclosure:
    """`fingerprint` is the SHA-256 of its bytes, in hexadecimal, for whoever has to show that it is the same file."""

    key: UUID
    name: str
    size: str
    organisation: str
    at: datetime
    fingerprint: str


def enclosures(referral: Referral) -> Sequence[Enclosure]:
    names = {referral.sender_id: referral.sender.name, referral.recipient_id: referral.recipient.name}
    return [
        Enclosure(
            key=row.key,
            name=row.name,
            size=filesizeformat(row.size),
            organisation=names.get(row.organisation_id, ""),
            at=row.at,
            fingerprint=bytes(row.sha256).hex(),
        )
        for row in attachments_of(referral)
    ]

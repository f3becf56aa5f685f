from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from apps.accounts.principal import Principal
from apps.core.prepared import fetch
from apps.organisations.permissions import Permission
from apps.tenancy.context import current

# One side of the envelope, named as `visible_to` names it: a platform's, since only a platform answers.
_REFERRED = """
SELECT r.id, r.reference, r.state, r.sender_id, r.recipient_id, r.disclosed, r.instrument, r.category, r.keywords,
       r.urgency, r.item_count, r.sent_at, r.filed_at
  FROM referrals_referral r
 WHERE r.id IN (
         SELECT i.referral_id FROM referrals_item i
          WHERE i.reference = ANY(%(references)s::text[])
            AND i.recipient_id = %(organisation)s::bigint AND i.disclosed)
   AND r.recipient_id = %(organisation)s::bigint AND r.disclosed
"""
_LOCKED = f"{_REFERRED} ORDER BY r.id FOR UPDATE OF r"
_ASKED = """
SELECT reference, id, referral_id, sender_id, state, content_type, content_language, published_on
  FROM referrals_item
 WHERE reference = ANY(%(references)s::text[]) AND recipient_id = %(organisation)s::bigint AND disclosed
"""


class Asked(NamedTuple):
    """An item that waits for its answer, without the weight of a model: a batch has up to a thousand."""

    reference: str
    pk: int
    referral_id: int
    sender_id: int
    state: str
    content_type: str
    content_language: str
    published_on: date | None


class Referred(NamedTuple):
    """The referral of such an item, as it stands once it is locked."""

    pk: int
    reference: str
    state: str
    sender_id: int
    recipient_id: int
    disclosed: bool
    instrument: str
    category: str
    keywords: list[str]
    urgency: str
    item_count: int
    sent_at: datetime | None
    filed_at: datetime


class Worklist(NamedTuple):
    """What the answers of a batch are about: items by reference, referrals by key."""

    items: Mapping[str, Asked]
    referrals: Mapping[int, Referred]


def asked(references: Iterable[str], *, lock: bool, by: Principal) -> Worklist:
    """The items that these references name to this platform; those of others are not there.

    `lock`: the referrals, until the end of the transaction and in one order, so that two batches never deadlock. Nobody
    decides or withdraws an item without its referral's lock, so the items, read afterwards, stay as they are.
    """
    current()  # as the managers do: nothing is shown to nobody
    if not (by.may(Permission.VIEW_REFERRALS) and by.organisation.receives):
        return Worklist({}, {})
    facts = {"references": sorted(set(references)), "organisation": by.organisation_id}
    referrals = {row[0]: Referred._make(row) for row in fetch(_LOCKED if lock else _REFERRED, facts)}
    return Worklist({row[0]: Asked._make(row) for row in fetch(_ASKED, facts)}, referrals)

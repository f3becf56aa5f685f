from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from apps.accounts.principal import Principal
from apps.core.prepared import fetch
from apps.organisations.permissions import Permission
from apps.tenancy.context import current

# One side of the envelope, named as `visible_to` names it: a platform's, since only a platform answers.
_ASKED = """
SELECT i.reference, i.id, i.referral_id, i.sender_id, i.state, i.content_type, i.content_language, i.published_on
  FROM referrals_referral r JOIN referrals_item i ON i.referral_id = r.id
 WHERE i.reference = ANY(%(references)s::text[])
   AND i.recipient_id = %(organisation)s::bigint AND i.disclosed
   AND r.recipient_id = %(organisation)s::bigint AND r.disclosed
"""
_LOCKED = f"{_ASKED} ORDER BY r.id, i.id FOR UPDATE OF r, i"
_REFERRED = """
SELECT id, reference, state, sender_id, recipient_id, disclosed, instrument, category, keywords, urgency, item_count,
       sent_at, filed_at
  FROM referrals_referral
 WHERE id = ANY(%(ids)s::bigint[]) AND recipient_id = %(organisation)s::bigint AND disclosed
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

    `lock`: until the end of the transaction, each referral before its items and all in one order, so that two batches
    never deadlock, and whoever waited sees what the other has written.
    """
    current()  # as the managers do: nothing is shown to nobody
    if not (by.may(Permission.VIEW_REFERRALS) and by.organisation.receives):
        return Worklist({}, {})
    facts = {"references": sorted(set(references)), "organisation": by.organisation_id}
    items = {row[0]: Asked._make(row) for row in fetch(_LOCKED if lock else _ASKED, facts)}
    wanted = {"ids": sorted({item.referral_id for item in items.values()}), "organisation": by.organisation_id}
    return Worklist(items, {row[0]: Referred._make(row) for row in fetch(_REFERRED, wanted)})

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from apps.accounts.principal import Principal
from apps.core.prepared import fetch
from apps.organisations.permissions import Permission
from apps.referrals.models import Referral

# One side of the envelope, named as `visible_to` names it: a platform's, since only a platform answers.
_ASKED = """
SELECT i.reference, i.id, i.referral_id, i.sender_id, i.state, i.content_type, i.content_language, i.published_on
  FROM referrals_referral r JOIN referrals_item i ON i.referral_id = r.id
 WHERE i.reference = ANY(%(references)s::text[])
   AND i.recipient_id = %(organisation)s::bigint AND i.disclosed
   AND r.recipient_id = %(organisation)s::bigint AND r.disclosed
"""
_LOCKED = f"{_ASKED} ORDER BY r.id, i.id FOR UPDATE OF r, i"


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


class Worklist(NamedTuple):
    """What the answers of a batch are about: items by reference, referrals by key."""

    items: Mapping[str, Asked]
    referrals: Mapping[int, Referral]


def asked(references: Iterable[str], *, lock: bool, by: Principal) -> Worklist:
    """The items that these references name to this platform; those of others are not there.

    `lock`: until the end of the transaction, each referral before its items and all in one order, so that two batches
    never deadlock, and whoever waited sees what the other has written.
    """
    if not (by.may(Permission.VIEW_REFERRALS) and by.organisation.receives):
        return Worklist({}, {})
    facts = {"references": sorted(set(references)), "organisation": by.organisation_id}
    items = {row[0]: Asked._make(row) for row in fetch(_LOCKED if lock else _ASKED, facts)}
    wanted = sorted({item.referral_id for item in items.values()})
    return Worklist(items, Referral.objects.visible_to(by).in_bulk(wanted))

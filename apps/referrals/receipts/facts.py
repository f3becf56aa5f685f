"""What a receipt says: the same for both sides, to the last byte. Nothing of the sender's house, no person, no case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Conflict
from apps.delivery.models import Delivery
from apps.referrals.intake.addresses import defang
from apps.referrals.models import Event, Item, Referral
from apps.referrals.receipts.chain import chain, digest_of, digest_of_text
from apps.taxonomy.areas import WITHOUT_MATERIAL

FORMAT = "referral-receipt/1"


class NotSentYet(Conflict):
    code = "not_sent_yet"
    message = _("There is no receipt before a referral has been sent.")


@dataclass(frozen=True, slots=True)
class Receipt:
    """`as_of`: the last thing that happened, so that the same state gives the same receipt. `data`: all it says."""

    reference: str
    as_of: datetime
    data: Mapping[str, Any]


def receipt_of(referral: Referral) -> Receipt:
    """The receipt of a referral that was sent, with its parties loaded. Three queries, however many items there are."""
    if referral.sent_at is None:
        raise NotSentYet
    items = list(Item.objects.filter(referral=referral, disclosed=True).order_by("row", "pk"))
    told = Event.objects.filter(referral=referral, disclosed=True).select_related("item").order_by("pk")
    events = list(told)
    content = _content(referral, items)
    seed, facts = digest_of(content), [_event(event, referral) for event in events]
    links = chain(seed, facts)
    as_of = max([referral.sent_at, *(event.at for event in events)])
    data = {
        "format": FORMAT,
        "as_of": moment(as_of),
        "content": content,
        "content_sha256": seed,
        "items": [_item(item, hidden=referral.area in WITHOUT_MATERIAL) for item in items],
        "deliveries": _deliveries(referral),
        "events": [{"event": fact, "sha256": link} for fact, link in zip(facts, links, strict=True)],
        "chain_sha256": links[-1] if links else seed,
    }
    return Receipt(referral.reference, as_of, data)


def moment(at: datetime | None) -> str:
    """UTC to the microsecond; empty where it has not happened."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z") if at else ""


def _content(referral: Referral, items: Sequence[Item]) -> dict[str, Any]:
    """What was sent. Addresses and reasons stand in it as digests, so that the proof may be shown to others."""
    return {
        "referral": referral.reference,
        "sender": {"slug": referral.sender.slug, "name": referral.sender.name},
        "recipient": {"slug": referral.recipient.slug, "name": referral.recipient.name},
        "instrument": referral.instrument,
        "area": referral.area,
        "category": referral.category,
        "keywords": list(referral.keywords),
        "urgency": referral.urgency,
        "language": referral.language,
        "reasons_sha256": digest_of_text(referral.reasons),
        "legal_basis_sha256": digest_of_text(referral.legal_basis),
        "sent_at": moment(referral.sent_at),
        "items": [{"item": item.reference, "url_sha256": bytes(item.url_hash).hex()} for item in items],
    }


def _item(item: Item, *, hidden: bool) -> dict[str, Any]:
    return {
        "item": item.reference,
        "address": "" if hidden else defang(item.url),
        "url_sha256": bytes(item.url_hash).hex(),
        "state": item.state,
        "outcome": item.outcome,
        "decided_at": moment(item.decided_at),
    }


def _event(event: Event, referral: Referral) -> dict[str, Any]:
    sides = {referral.sender_id: "sender", referral.recipient_id: "recipient"}
    return {
        "at": moment(event.at),
        "verb": event.verb,
        "by": sides.get(event.organisation_id or 0, "portal"),
        "item": event.item.reference if event.item else "",
        "outcome": str(event.data.get("outcome", "")),
        "text_sha256": digest_of_text(event.text) if event.text else "",
    }


def _deliveries(referral: Referral) -> list[dict[str, Any]]:
    """What both sides may know of every message, whichever way it went."""
    rows = Delivery.objects.filter(about=referral.reference, disclosed=True).order_by("pk")
    return [
        {
            "message": row.message,
            "channel": row.channel,
            "to": "recipient" if row.recipient_id == referral.recipient_id else "sender",
            "state": row.state,
            "sent_at": moment(row.sent_at),
            "received_at": moment(row.received_at),
            "proof": sorted(row.proof) if isinstance(row.proof, dict) else [],
            "proof_sha256": digest_of(row.proof) if row.proof else "",
        }
        for row in rows
    ]

"""What stands in a webhook: what happened and to which reference. The content is fetched by API, and so logged."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from apps.delivery.mail.reminders import is_of_several, is_reminder, references
from apps.delivery.models import Delivery, Endpoint, EndpointKey
from apps.delivery.outgoing import Answer, NoAnswer, post
from apps.delivery.webhooks.sealing import unseal
from apps.delivery.webhooks.signing import KeyPair, headers_for, unpacked

TOLD = ("instrument", "items", "urgency", "due_at")  # of the facts of a message; names of people are none of them


def type_of(message: str) -> str:
    """`referral_sent` is `referral.sent`: noun, full stop, what became of it."""
    return message.replace("_", ".", 1)


def body_of(row: Delivery) -> bytes:
    """The same bytes at every try. A reminder of several referrals names them all, and has no `reference`."""
    told = {name: row.facts[name] for name in TOLD if row.facts.get(name) not in {None, ""}}
    if is_reminder(row):
        told |= {"references": references(row), "count": row.facts["count"], "overdue": row.facts["overdue_count"]}
    if is_of_several(row):
        return to_bytes(type_of(row.message), told, at=row.created_at)
    return to_bytes(type_of(row.message), {"reference": row.about, "from": row.sender.slug, **told}, at=row.created_at)


def to_bytes(kind: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    moment = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return json.dumps({"type": kind, "timestamp": moment, "data": data}, separators=(",", ":")).encode()


def keys_of(endpoint: Endpoint, *, at: datetime) -> list[KeyPair]:
    """The generations that sign at this time, the newest first. Reads them unless they were fetched with it."""
    live = [key for key in endpoint.keys.all() if key.retires_at is None or key.retires_at > at]
    return [opened(key) for key in sorted(live, key=lambda key: key.created_at, reverse=True)]


def opened(key: EndpointKey) -> KeyPair:
    return unpacked(unseal(bytes(key.sealed), row=key.public_id))


def send(url: str, body: bytes, *, message: UUID, keys: list[KeyPair], at: datetime) -> Answer | NoAnswer:
    """Sign and send. Asks no database, so that many can be under way at once."""
    try:
        return post(url, body, headers_for(body, message=message, at=at, keys=keys))
    except NoAnswer as silence:
        return silence

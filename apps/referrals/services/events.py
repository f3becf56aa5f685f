import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from apps.accounts.principal import Principal
from apps.core.prepared import fetch
from apps.referrals.models.event import Verb
from apps.tenancy.context import current

INSIDE_THE_SENDER = frozenset(
    {Verb.REFERRAL_FILED, Verb.REFERRAL_SUBMITTED, Verb.REFERRAL_APPROVED, Verb.REFERRAL_RETURNED, Verb.ITEM_FILED}
)


class Noted(Protocol):
    """A referral, as far as its timeline needs it."""

    @property
    def pk(self) -> int: ...
    @property
    def sender_id(self) -> int: ...
    @property
    def recipient_id(self) -> int: ...
    @property
    def disclosed(self) -> bool: ...


_NOTE = """
WITH written AS (
  INSERT INTO referrals_event
    (referral_id, sender_id, recipient_id, disclosed, verb, at, actor_id, actor_label, organisation_id, text, data)
  SELECT told.*, %(verb)s, %(at)s, %(actor)s::bigint, %(label)s, %(organisation)s::bigint, %(text)s, %(data)s::jsonb
    FROM unnest(%(referrals)s::bigint[], %(senders)s::bigint[], %(recipients)s::bigint[], %(disclosed)s::boolean[])
      AS told
  RETURNING 1
)
SELECT count(*) FROM written
"""


def note(
    verb: Verb,
    referrals: Iterable[Noted],
    *,
    text: str = "",
    data: dict[str, Any] | None = None,
    by: Principal | None,
    at: datetime,
) -> None:
    """Add one event per referral to their timelines, in one statement."""
    current()  # as the managers do: nothing is written for nobody
    told = list(referrals)
    facts = {
        "referrals": [referral.pk for referral in told],
        "senders": [referral.sender_id for referral in told],
        "recipients": [referral.recipient_id for referral in told],
        "disclosed": [is_disclosed(verb, referral) for referral in told],
        "verb": verb.value,
        "at": at,
        "actor": by.user_id if by else None,
        "label": by.label if by else "",
        "organisation": by.organisation_id if by else None,
        "text": text,
        "data": json.dumps(data or {}),
    }
    fetch(_NOTE, facts)


def is_disclosed(verb: Verb, referral: Noted) -> bool:
    """What happened inside the sender's house stays there, and so does the withdrawal of what was never sent."""
    return verb not in INSIDE_THE_SENDER and (referral.disclosed or verb is Verb.REFERRAL_SENT)

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from apps.accounts.principal import Principal
from apps.referrals.models import Event, Referral
from apps.referrals.models.event import Verb

INSIDE_THE_SENDER = frozenset(
    {Verb.REFERRAL_FILED, Verb.REFERRAL_SUBMITTED, Verb.REFERRAL_APPROVED, Verb.REFERRAL_RETURNED, Verb.ITEM_FILED}
)


def note(
    verb: Verb,
    referrals: Iterable[Referral],
    *,
    text: str = "",
    data: dict[str, Any] | None = None,
    by: Principal | None,
    at: datetime,
) -> None:
    """Add one event per referral to their timelines, in one statement."""
    Event.objects.bulk_create(
        Event(
            sender_id=referral.sender_id,
            recipient_id=referral.recipient_id,
            disclosed=is_disclosed(verb, referral),
            referral_id=referral.pk,
            verb=verb,
            at=at,
            actor_id=by.user_id if by else None,
            actor_label=by.label if by else "",
            organisation_id=by.organisation_id if by else None,
            text=text,
            data=data or {},
        )
        for referral in referrals
    )


def is_disclosed(verb: Verb, referral: Referral) -> bool:
    """What happened inside the sender's house stays there, and so does the withdrawal of what was never sent."""
    return verb not in INSIDE_THE_SENDER and (referral.disclosed or verb is Verb.REFERRAL_SENT)

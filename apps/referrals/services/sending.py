from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from celery import chain
from django.db import transaction

from apps.accounts.principal import Principal
from apps.delivery.models import Message
from apps.delivery.nudges import nudge
from apps.delivery.services import Outgoing, enqueue
from apps.delivery.tasks import deliver_pending
from apps.referrals import tasks
from apps.referrals.models import Item, Referral
from apps.referrals.models.event import Verb
from apps.referrals.services.events import Noted, note
from apps.referrals.transitions import State
from apps.taxonomy.urgency import Urgency

URGENT = frozenset({Urgency.LIFE, Urgency.CRISIS, Urgency.HOUR})


def send(referrals: Sequence[Referral], *, approved: bool, by: Principal, at: datetime) -> None:
    """Disclose referrals to their platforms and write the messages that say so. The caller has locked them."""
    if not referrals:
        return
    ids = [referral.pk for referral in referrals]
    approval: dict[str, Any] = {"approved_at": at, "approved_by_id": by.user_id} if approved else {}
    Referral.objects.filter(pk__in=ids).update(state=State.SENT, disclosed=True, sent_at=at, **approval)
    Item.objects.filter(referral_id__in=ids).update(disclosed=True)
    note(Verb.REFERRAL_SENT, referrals, by=by, at=at)
    tell(Message.REFERRAL_SENT, referrals, occasion="sent", by=by, at=at)


class Told(Noted, Protocol):
    """A referral, as far as a message about it needs it."""

    @property
    def reference(self) -> str: ...
    @property
    def instrument(self) -> str: ...
    @property
    def item_count(self) -> int: ...
    @property
    def urgency(self) -> str: ...


def tell(message: Message, referrals: Sequence[Told], *, occasion: str, by: Principal, at: datetime) -> None:
    """Write a message about each referral to the side that did not act, and hurry the worker after the commit.

    `occasion` makes the message's key: the same occasion is told once.
    """
    enqueue([_outgoing(message, referral, occasion, by) for referral in referrals], at=at)
    transaction.on_commit(hurry, robust=True)


def _outgoing(message: Message, referral: Told, occasion: str, by: Principal) -> Outgoing:
    from_sender = by.organisation_id == referral.sender_id
    return Outgoing(
        key=f"{referral.reference}:{occasion}",
        message=message,
        about=referral.reference,
        sender_id=referral.sender_id if from_sender else referral.recipient_id,
        recipient_id=referral.recipient_id if from_sender else referral.sender_id,
        facts={
            "from": by.organisation.name,
            "instrument": referral.instrument,
            "items": referral.item_count,
            "urgency": referral.urgency,
        },
        urgent=referral.urgency in URGENT,
    )


def hurry() -> None:
    """Deliver now, then start the clocks. A lost nudge costs seconds: both are swept."""
    nudge(chain(deliver_pending.si(), tasks.start_clocks.si()).delay)

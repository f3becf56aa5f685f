"""Answering without an account: what the holder of a link may see and do, about one referral and nothing else.

Opening and acting are posted; whoever only follows the link (a mail scanner, say) changes nothing at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from apps.accounts.principal import Principal, contact
from apps.accounts.selectors import facts_of
from apps.audit.services import consulted, record
from apps.delivery.links import LinkUnusable, end_links, find_link, holding, opened, try_passcode
from apps.delivery.models import Link, LinkEnd
from apps.delivery.services import note_read
from apps.referrals.answers import Answer
from apps.referrals.models import InboundAnswer, InboundAnswerState, Item, Referral
from apps.referrals.services.answering import DECIDED, Answered, answer
from apps.referrals.services.conversation import request_information
from apps.referrals.services.sending import hurry
from apps.referrals.transitions import ItemState, Transition
from apps.tenancy.context import acting_as

CHANNEL = "email_link"


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link leads to. `items`: those without an answer. `reply`: an unconfirmed one that came by mail."""

    link: Link
    referral: Referral
    items: Sequence[Item]
    reply: InboundAnswer | None
    by: Principal

    @property
    def may_ask(self) -> bool:
        return self.referral.allows(Transition.REQUEST_INFORMATION)

    @property
    def may_answer(self) -> bool:
        return self.referral.allows(Transition.ANSWER) and bool(self.items)


def look_at_link(secret: str, *, at: datetime) -> Linked:
    """What a link leads to; raises `LinkUnusable`. Writes nothing."""
    with holding(secret):
        return _follow(find_link(secret, at=at))


def open_link(secret: str, *, passcode: str = "", at: datetime) -> Linked:
    """Open what a link leads to: the code is tried, the reading noted, the receipt proven.

    Raises `LinkUnusable`, `WrongPasscode` or `TooManyTries`; a try counts whatever comes of it.
    """
    with holding(secret):
        link = find_link(secret, at=at)
        problem = try_passcode(link, passcode, at=at)
        linked = None if problem else _opened(secret, _follow(link), at=at)
    if problem or linked is None:
        raise problem or LinkUnusable
    return linked


def answer_by_link(secret: str, answers: Sequence[Answer], *, at: datetime) -> tuple[Linked, list[Answered]]:
    """Record answers about the link's referral, all others are left out. The link ends with the last open item."""
    with holding(secret):
        linked = _follow(find_link(secret, at=at, lock=True))
        mine = {item.reference for item in linked.items}
        with acting_as(linked.by):
            results = answer([one for one in answers if one.item in mine], channel=CHANNEL, by=linked.by, at=at)
            recorded = {one.item for one in results if one.result == DECIDED}
            if recorded:
                _settle_reply(linked, at=at)
            if recorded >= mine:
                end_links([linked.referral.reference], by=LinkEnd.ANSWERED, at=at)
    return linked, results


def ask_by_link(secret: str, *, text: str, at: datetime) -> Linked:
    """Ask the sender. The clock stands still, and this link ends: the reply brings a new one."""
    with holding(secret):
        linked = _follow(find_link(secret, at=at, lock=True))
        with acting_as(linked.by):
            request_information(linked.referral, text=text, by=linked.by, at=at)
            end_links([linked.referral.reference], by=LinkEnd.ASKED, at=at)
    return linked


@transaction.atomic
def revoke_links(referral: Referral, *, by: Principal, at: datetime) -> int:
    """Take back every link about a referral that is still open; returns how many there were."""
    count = end_links([referral.reference], by=LinkEnd.REVOKED, at=at)
    if count:
        record(
            "link.revoked",
            organisation_id=by.organisation_id,
            target_type="referral",
            target=referral.reference,
            recipient_ids=[referral.recipient_id],
            details={"links": count},
            by=by,
            at=at,
        )
    return count


def _follow(link: Link) -> Linked:
    by = contact(address=link.address, organisation=facts_of(link.recipient))
    rows = Referral.objects.filter(reference=link.about, sender_id=link.sender_id, recipient_id=link.recipient_id)
    referral = rows.with_parties().first()
    if referral is None or not referral.disclosed:
        raise LinkUnusable(why="unknown")
    items = list(Item.objects.filter(referral=referral, state=ItemState.OPEN).order_by("pk"))
    replies = InboundAnswer.objects.filter(referral=referral, state=InboundAnswerState.UNCONFIRMED)
    return Linked(link, referral, items, replies.order_by("-pk").first(), by)


def _opened(secret: str, linked: Linked, *, at: datetime) -> Linked:
    referral = linked.referral
    opened(secret, at=at)
    note_read([referral.reference], through=CHANNEL, by=linked.by, at=at)
    transaction.on_commit(hurry, robust=True)
    with acting_as(linked.by):
        consulted(
            "referral.consulted",
            organisation_id=linked.by.organisation_id,
            target_type="referral",
            targets=[referral.reference],
            by=linked.by,
            at=at,
        )
    return linked


def _settle_reply(linked: Linked, *, at: datetime) -> None:
    """Whoever answers has confirmed, or overruled, what came by mail before."""
    replies = InboundAnswer.objects.filter(referral=linked.referral, state=InboundAnswerState.UNCONFIRMED)
    replies.update(state=InboundAnswerState.CONFIRMED, settled_at=at, settled_as=linked.by.label)


__all__ = ["Linked", "answer_by_link", "ask_by_link", "look_at_link", "open_link", "revoke_links"]

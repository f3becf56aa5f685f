"""The rows that tell what happened when: events, messages, reminders."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from apps.deadlines.ladder import Side
from apps.deadlines.models import Chase
from apps.deadlines.models.chase import Rung
from apps.delivery.models import Channel, Delivery, DeliveryState, Message
from apps.portal.demo.reminders import Taken, climb_of
from apps.portal.demo.stage import Seat
from apps.portal.demo.stories import ReferralStory
from apps.portal.demo.words import QUESTIONS, REPLIES, RETURNS, WITHDRAWALS
from apps.referrals.models import Event, Item, Obligation, Referral
from apps.referrals.models.event import Verb
from apps.referrals.services.events import INSIDE_THE_SENDER
from apps.referrals.services.sending import URGENT


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a referral; `second` approves what `first` has filed."""

    organisation_id: int
    name: str
    first: Seat
    second: Seat | None


@dataclass(frozen=True, slots=True)
class Happening:
    verb: Verb
    at: datetime
    party: Party | None
    by: Seat | None = None
    text: str = ""
    data: dict[str, Any] | None = None
    item: Item | None = None


def _is_inside(one: Happening) -> bool:
    return bool(one.data) and (one.data or {}).get("rung") == Rung.SENDER_SUPERVISOR


class Chronicle:
    def __init__(
        self,
        referral: Referral,
        told: ReferralStory,
        items: Sequence[Item],
        sender: Party,
        platform: Party,
        *,
        draw: Random,
        now: datetime,
    ):
        self.referral, self.told, self.items = referral, told, items
        self.sender, self.platform, self.draw = sender, platform, draw
        self.climb = climb_of(told, now=now)

    def events(self) -> list[Event]:
        happened = [*self._inside(), *self._between(), *self._chased(), *self._decided()]
        return [self._event(one) for one in sorted(happened, key=lambda one: one.at)]

    def chases(self, obligation: Obligation) -> list[Chase]:
        return [
            Chase(
                sender_id=self.referral.sender_id,
                recipient_id=self.referral.recipient_id,
                disclosed=one.planned.step.rung is not Rung.SENDER_SUPERVISOR,
                obligation_id=obligation.pk,
                rung=one.planned.step.rung,
                round=one.round,
                planned_at=one.planned.at,
                at=one.at,
                message=self._occasion(one) if one.planned.step.audience else "",
            )
            for one in self.climb.taken
        ]

    def _occasion(self, one: Taken) -> str:
        return f"{self.referral.reference}:{one.planned.step.rung.value}:{one.round}"

    def _reminders(self) -> Iterator[Delivery]:
        for one in self.climb.taken:
            if one.planned.step.audience is None:
                continue
            by, to = (self.sender, self.platform) if one.planned.step.side is Side.PLATFORM else (self.sender,) * 2
            occasion = self._occasion(one).removeprefix(f"{self.referral.reference}:")
            for channel in (Channel.PORTAL, Channel.EMAIL):
                row = self._delivery(Message.REMINDER_SENT, occasion, one.at, by, self._reminder(one), channel)
                row.recipient_id, row.audience = to.organisation_id, one.planned.step.audience
                yield row

    def _reminder(self, one: Taken) -> dict[str, Any]:
        referral, is_overdue = self.referral, one.due_at < one.at
        line = {
            "reference": referral.reference,
            "from": self.sender.name,
            "platform": self.platform.name,
            "instrument": referral.instrument,
            "urgency": referral.urgency,
            "items": referral.item_count,
            "due_at": one.due_at.isoformat(),
            "is_overdue": is_overdue,
            "is_statutory": False,
            "rung": one.planned.step.rung.value,
        }
        return {
            "due_at": line["due_at"],
            "count": 1,
            "more": 0,
            "overdue_count": int(is_overdue),
            "referrals": [line],
        }

    def deliveries(self) -> list[Delivery]:
        told, sender, platform = self.told, self.sender, self.platform
        letters: tuple[tuple[Message, str, datetime | None, Party], ...] = (
            (Message.REFERRAL_SENT, "sent", told.sent_at, sender),
            (Message.INFORMATION_REQUESTED, "asked", told.asked_at, platform),
            (Message.INFORMATION_PROVIDED, "replied", told.replied_at, sender),
            (Message.REFERRAL_ANSWERED, "answered", told.answered_at, platform),
            (Message.REFERRAL_WITHDRAWN, "withdrawn", told.withdrawn_at, sender),
        )
        told_once = [
            self._delivery(message, occasion, at, by, {}, channel)
            for message, occasion, at, by in letters
            if at
            for channel in (Channel.PORTAL, Channel.EMAIL)
        ]
        return [*told_once, *self._reminders()]

    def _inside(self) -> Iterator[Happening]:
        """What only the sender's house sees."""
        told, sender = self.told, self.sender
        yield Happening(Verb.REFERRAL_FILED, self.referral.filed_at, sender, sender.first)
        for item in self.items:
            yield Happening(Verb.ITEM_FILED, self.referral.filed_at, sender, sender.first, item=item)
        if told.submitted_at:
            yield Happening(Verb.REFERRAL_SUBMITTED, told.submitted_at, sender, sender.first)
        if told.returned_at:
            yield Happening(
                Verb.REFERRAL_RETURNED, told.returned_at, sender, sender.second, text=self.draw.choice(RETURNS)
            )
        if told.sent_at and sender.second:
            yield Happening(Verb.REFERRAL_APPROVED, told.sent_at, sender, sender.second)

    def _between(self) -> Iterator[Happening]:
        """What both sides see."""
        told, sender, platform = self.told, self.sender, self.platform
        contact = platform.first
        question, reply, reason = self.draw.choice(QUESTIONS), self.draw.choice(REPLIES), self.draw.choice(WITHDRAWALS)
        acts = (
            (Verb.REFERRAL_SENT, told.sent_at, sender, sender.second or sender.first, "", None),
            (Verb.REFERRAL_RECEIVED, told.received_at, None, None, "", self._proof()),
            (Verb.REFERRAL_ACKNOWLEDGED, told.acknowledged_at, platform, contact, "", None),
            (Verb.INFORMATION_REQUESTED, told.asked_at, platform, contact, question, None),
            (Verb.INFORMATION_PROVIDED, told.replied_at, sender, sender.first, reply, None),
            (Verb.REFERRAL_WITHDRAWN, told.withdrawn_at, sender, sender.first, reason, None),
        )
        for verb, at, party, by, text, data in acts:
            if at:
                yield Happening(verb, at, party, by, text, data)

    def _chased(self) -> Iterator[Happening]:
        for one in self.climb.taken:
            data = {"rung": one.planned.step.rung.value, "due_at": one.due_at.isoformat()}
            yield Happening(Verb.REFERRAL_CHASED, one.at, None, data=data)

    def _proof(self) -> dict[str, Any]:
        return {"channel": Channel.PORTAL.value, "receipt": str(_public_id(self._key("sent", Channel.PORTAL)))}

    def _key(self, occasion: str, channel: Channel) -> str:
        return f"{self.referral.reference}:{occasion}:{channel}"

    def _decided(self) -> Iterator[Happening]:
        told, contact = self.told, self.platform.first
        for item in self.items:
            if item.decided_at:
                data = {"item": item.reference, "outcome": item.outcome}
                yield Happening(Verb.ITEM_DECIDED, item.decided_at, self.platform, contact, data=data, item=item)
        if told.answered_at:
            yield Happening(Verb.REFERRAL_ANSWERED, told.answered_at, self.platform, contact)
        if told.closed_at:
            yield Happening(Verb.REFERRAL_CLOSED, told.closed_at, self.sender, self.sender.first)

    def _event(self, one: Happening) -> Event:
        return Event(
            sender_id=self.referral.sender_id,
            recipient_id=self.referral.recipient_id,
            disclosed=self.referral.disclosed and one.verb not in INSIDE_THE_SENDER and not _is_inside(one),
            referral_id=self.referral.pk,
            item_id=one.item.pk if one.item else None,
            verb=one.verb,
            at=one.at,
            actor_id=one.by.user_id if one.by else None,
            actor_label=one.by.label if one.by else "",
            organisation_id=one.party.organisation_id if one.party else None,
            text=one.text,
            data=one.data or {},
        )

    def _delivery(
        self, message: Message, occasion: str, at: datetime, by: Party, facts: dict[str, Any], channel: Channel
    ) -> Delivery:
        referral, other = self.referral, self.platform if by is self.sender else self.sender
        is_leaving = message is Message.REFERRAL_SENT and self.told.received_at is None
        return Delivery(
            sender_id=by.organisation_id,
            recipient_id=other.organisation_id,
            key=self._key(occasion, channel),
            public_id=_public_id(self._key(occasion, channel)),
            channel=channel,
            message=message,
            about=referral.reference,
            facts={
                "from": by.name,
                "instrument": referral.instrument,
                "items": referral.item_count,
                "urgency": referral.urgency,
                **facts,
            },
            urgent=referral.urgency in URGENT,
            next_at=at,
            created_at=at,
            **({} if is_leaving else self._arrival(message, channel, at)),
        )

    def _arrival(self, message: Message, channel: Channel, at: datetime) -> dict[str, Any]:
        arrived = (self.told.received_at if message is Message.REFERRAL_SENT else None) or at + timedelta(seconds=4)
        if channel is Channel.PORTAL:
            proof = {"channel": "portal", "stood_in_inbox_at": arrived.isoformat()}
            common = {"state": DeliveryState.DELIVERED, "received_at": arrived, "proof": proof}
        else:
            common = {"state": DeliveryState.SENT, "proof": {"channel": "email"}}
        return {**common, "attempts": 1, "tries": 1, "sent_at": arrived}


def _public_id(key: str) -> UUID:
    """Always the same for a delivery, so that events can name it before it is written."""
    return uuid5(NAMESPACE_OID, key)

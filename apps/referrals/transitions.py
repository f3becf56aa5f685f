"""The life of a referral, as data. Services, buttons, API actions, tests and the documentation all read this table."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.organisations.permissions import Permission as P


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("Waiting for approval")
    SENT = "sent", _("Sent")
    RECEIVED = "received", _("Received")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    INFO_REQUESTED = "info_requested", _("Information requested")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ItemState(models.TextChoices):
    OPEN = "open", _("Open")
    DECIDED = "decided", _("Decided")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Transition(models.TextChoices):
    """Values are the last part of the paths on the web and in the API."""

    SUBMIT = "submit", _("Submit for approval")
    APPROVE = "approve", _("Approve and send")
    RETURN = "return", _("Return to the author")
    SEND = "send", _("Send")
    RECEIVE = "receive", _("Note the receipt")
    ACKNOWLEDGE = "acknowledge", _("Acknowledge")
    REQUEST_INFORMATION = "request-information", _("Ask the sender")
    PROVIDE_INFORMATION = "provide-information", _("Reply to the platform")
    ANSWER = "answer", _("Answer")
    CLOSE = "close", _("Close")
    WITHDRAW = "withdraw", _("Withdraw")


class Side(StrEnum):
    SENDER = "sender"
    RECIPIENT = "recipient"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Move:
    """`needs_text`: the person must say why (or what); it goes into the event both sides may read.

    `takes_files`: files may go with the words.
    """

    sources: frozenset[State]
    target: State
    side: Side
    permission: P | None = None  # None: only the system makes this move
    needs_text: bool = False
    takes_files: bool = False


WITH_THE_PLATFORM = frozenset({State.SENT, State.RECEIVED, State.ACKNOWLEDGED})
UNANSWERED = WITH_THE_PLATFORM | {State.INFO_REQUESTED}
DISCLOSED = UNANSWERED | {State.ANSWERED, State.CLOSED}  # WITHDRAWN too, where it had been sent: see Referral.disclosed

TRANSITIONS = MappingProxyType(
    {
        Transition.SUBMIT: Move(frozenset({State.DRAFT}), State.IN_REVIEW, Side.SENDER, P.FILE_REFERRALS),
        Transition.APPROVE: Move(frozenset({State.IN_REVIEW}), State.SENT, Side.SENDER, P.APPROVE_REFERRALS),
        Transition.RETURN: Move(
            frozenset({State.IN_REVIEW}), State.DRAFT, Side.SENDER, P.APPROVE_REFERRALS, needs_text=True
        ),
        Transition.SEND: Move(frozenset({State.IN_REVIEW}), State.SENT, Side.SYSTEM),
        Transition.RECEIVE: Move(frozenset({State.SENT}), State.RECEIVED, Side.SYSTEM),
        Transition.ACKNOWLEDGE: Move(
            frozenset({State.SENT, State.RECEIVED}), State.ACKNOWLEDGED, Side.RECIPIENT, P.ANSWER_REFERRALS
        ),
        Transition.REQUEST_INFORMATION: Move(
            WITH_THE_PLATFORM,
            State.INFO_REQUESTED,
            Side.RECIPIENT,
            P.ANSWER_REFERRALS,
            needs_text=True,
            takes_files=True,
        ),
        Transition.PROVIDE_INFORMATION: Move(
            frozenset({State.INFO_REQUESTED}),
            State.ACKNOWLEDGED,
            Side.SENDER,
            P.FILE_REFERRALS,
            needs_text=True,
            takes_files=True,
        ),
        Transition.ANSWER: Move(UNANSWERED, State.ANSWERED, Side.RECIPIENT, P.ANSWER_REFERRALS),
        Transition.CLOSE: Move(frozenset({State.ANSWERED}), State.CLOSED, Side.SENDER, P.FILE_REFERRALS),
        Transition.WITHDRAW: Move(
            frozenset({State.DRAFT, State.IN_REVIEW}) | UNANSWERED,
            State.WITHDRAWN,
            Side.SENDER,
            P.FILE_REFERRALS,
            needs_text=True,
        ),
    }
)


def allows(state: str, transition: Transition) -> bool:
    return State(state) in TRANSITIONS[transition].sources

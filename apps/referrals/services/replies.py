"""Replies by mail become answers when the platform confirms them, and only then."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.audit.services import record
from apps.core.errors import Conflict, Refused
from apps.referrals.answers import Answer
from apps.referrals.models import InboundAnswer, InboundAnswerState, Item, Referral
from apps.referrals.services.answer_rules import AnswerCode
from apps.referrals.services.answering import Answered, answer
from apps.referrals.transitions import ItemState

CHANNEL = "email_reply"


class ReplyGone(Conflict):
    code = "reply_gone"
    message = _("This reply has been dealt with already. Reload the page to see how.")


class ReplyIncomplete(Refused):
    code = "reply_incomplete"
    message = _("The reply does not say everything an answer needs. Answer with the form instead.")


@transaction.atomic
def confirm_reply(referral: Referral, *, by: Principal, at: datetime) -> list[Answered]:
    """Make an answer of the newest reply, as it was read. Raises `ReplyGone`; `ReplyIncomplete` undoes everything."""
    reply = _newest(referral)
    items = Item.objects.filter(referral=referral, state=ItemState.OPEN).order_by("pk")
    named = [item.reference for item in items if not reply.items or item.reference in reply.items]
    results = answer(_answers(reply, named), channel=CHANNEL, by=by, at=at) if reply.outcome else []
    if not results or any(one.code not in {None, AnswerCode.NOT_OPEN} for one in results):
        raise ReplyIncomplete
    _settle(reply, InboundAnswerState.CONFIRMED, "reply.confirmed", by=by, at=at)
    return results


@transaction.atomic
def dismiss_reply(referral: Referral, *, by: Principal, at: datetime) -> None:
    """Say that a reply is no answer: not from us, or not meant so."""
    _settle(_newest(referral), InboundAnswerState.DISMISSED, "reply.dismissed", by=by, at=at)


def unconfirmed_reply(referral: Referral) -> InboundAnswer | None:
    return InboundAnswer.objects.filter(referral=referral, state=InboundAnswerState.UNCONFIRMED).order_by("-pk").first()


def _newest(referral: Referral) -> InboundAnswer:
    rows = InboundAnswer.objects.filter(referral=referral, state=InboundAnswerState.UNCONFIRMED)
    reply = rows.select_for_update(of=("self",)).order_by("-pk").first()
    if reply is None:
        raise ReplyGone
    return reply


def _answers(reply: InboundAnswer, items: Sequence[str]) -> list[Answer]:
    return [
        Answer(
            item=item,
            outcome=reply.outcome,
            refusal_reason=reply.refusal_reason,
            ground=reply.ground,
            legal_ground=reply.legal_ground,
            explanation=reply.text,
        )
        for item in items
    ]


def _settle(reply: InboundAnswer, state: InboundAnswerState, verb: str, *, by: Principal, at: datetime) -> None:
    """One decision deals with every reply that waits."""
    rows = InboundAnswer.objects.filter(referral_id=reply.referral_id, state=InboundAnswerState.UNCONFIRMED)
    rows.update(state=state, settled_at=at, settled_as=by.label)
    record(
        verb,
        organisation_id=by.organisation_id,
        target_type="referral",
        target=Referral.objects.values_list("reference", flat=True).get(pk=reply.referral_id),
        recipient_ids=[reply.sender_id],
        by=by,
        at=at,
    )

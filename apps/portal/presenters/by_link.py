"""The pages of somebody who answers by a link: who writes, what it means, what is asked, what was recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from apps.core.moments import in_words
from apps.delivery.words import EFFECTS, target_in_words
from apps.organisations.models import Kind
from apps.portal.forms.by_link import ACTS_OF_OUTCOMES, AnswerByLinkForm, QuestionForm
from apps.portal.presenters.masking import is_masked
from apps.referrals.intake.addresses import defang
from apps.referrals.models import InboundAnswer
from apps.referrals.services import Answer, AnswerCode, Answered, Linked
from apps.taxonomy.outcomes import RefusalReason

SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPage:
    """What stands above every page of a link."""

    reference: str
    sender: str
    sender_kind: str | Promise
    sender_country: str
    recipient: str
    address: str
    instrument: str | Promise
    effect: str | Promise
    target: str
    due_at: datetime | None
    count: int
    expires_at: datetime
    needs_passcode: bool
    zone: str
    language: str
    may_answer: bool
    may_ask: bool
    state: str
    reply: InboundAnswer | None


@dataclass(frozen=True, slots=True)
class Address:
    """One address as the answering page lists it; `field`: its own answer, where it may have one."""

    reference: str
    shown: str
    about: str
    field: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPage:
    addresses: Sequence[Address]
    unseen: int
    hidden: bool
    reasons: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Line:
    """One address of the receipt."""

    reference: str
    shown: str
    outcome: str
    said: str
    problem: str | Promise


def link_page(linked: Linked) -> LinkPage:
    referral = linked.referral
    return LinkPage(
        reference=referral.reference,
        sender=referral.sender.name,
        sender_kind=Kind(referral.sender.kind).label,
        sender_country=referral.sender.country,
        recipient=referral.recipient.name,
        address=linked.link.address,
        instrument=referral.get_instrument_display(),
        effect=EFFECTS.get(referral.instrument, ""),
        target=target_in_words(referral.urgency),
        due_at=referral.due_at,
        count=len(linked.items),
        expires_at=linked.link.expires_at,
        needs_passcode=linked.link.needs_passcode,
        zone=referral.recipient.time_zone,
        language=next(iter(referral.recipient.languages), ""),
        may_answer=linked.may_answer,
        may_ask=linked.may_ask,
        state=referral.state,
        reply=linked.reply,
    )


def answer_page(linked: Linked, form: AnswerByLinkForm) -> AnswerPage:
    """The addresses defanged; in the areas nobody may look at by chance they stand behind one more press."""
    own = set(form.singles)
    return AnswerPage(
        addresses=[
            Address(
                item.reference,
                defang(item.url),
                " · ".join(part for part in (item.account, item.note) if part),
                form[f"item-{item.reference}"] if item.reference in own else None,
            )
            for item in linked.items[:SHOWN]
        ],
        unseen=max(len(linked.items) - SHOWN, 0),
        hidden=is_masked(linked.referral.area),
        reasons=linked.referral.reasons,
        legal_basis=linked.referral.legal_basis,
    )


def form_of(linked: Linked, data: Mapping[str, object] | None, *, at: datetime) -> AnswerByLinkForm:
    """An empty form starts from what a reply by mail said."""
    reply = linked.reply
    act, more = ACTS_OF_OUTCOMES.get(reply.outcome if reply else "", (None, {}))
    initial: dict[str, object] = {"act": act, **more} if act else {}
    if reply:
        initial |= {name: getattr(reply, name) for name in ("refusal_reason", "ground", "legal_ground")}
        initial |= {"explanation": reply.text[:2000]}
    return AnswerByLinkForm(data, items=[item.reference for item in linked.items], at=at, initial=initial)


def receipt_lines(linked: Linked, answers: Sequence[Answer], results: Sequence[Answered]) -> Sequence[Line]:
    given = {one.item: one for one in answers}
    urls = {item.reference: item.url for item in linked.items}
    hidden = is_masked(linked.referral.area)
    return [
        Line(
            one.item,
            one.item if hidden else defang(urls.get(one.item, "")),
            given[one.item].outcome,
            _said(given[one.item]),
            one.detail or (AnswerCode(one.code).label if one.code else ""),
        )
        for one in results
    ]


def _said(answer: Answer) -> str:
    """Why, and when: what the sender reads beside the outcome."""
    why = RefusalReason(answer.refusal_reason).label if answer.refusal_reason else answer.legal_ground
    return " · ".join(str(part) for part in (why, in_words(answer.acted_at) if answer.acted_at else "") if part)


__all__ = ["AnswerPage", "LinkPage", "QuestionForm", "answer_page", "form_of", "link_page", "receipt_lines"]

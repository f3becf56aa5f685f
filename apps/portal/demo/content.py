"""The rows that hold what was filed and answered: referrals, items, decisions, clocks."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random

from apps.organisations.calendars import WorkingCalendar
from apps.portal.demo.chronicle import Party
from apps.portal.demo.reminders import Climb
from apps.portal.demo.stage import Seat
from apps.portal.demo.stories import CaseStory, ReferralStory
from apps.portal.demo.words import CLAUSES, EXPLANATIONS, MATTERS, REFUSALS
from apps.referrals.answers import Answer
from apps.referrals.clocks import stored
from apps.referrals.clockwork import Act, Moment, Reading, Terms, length, read
from apps.referrals.instruments import RULES
from apps.referrals.models import Case, Decision, Item, Obligation, Origin, Referral, Statement
from apps.referrals.models.obligation import Clock
from apps.referrals.services.stating import new_puid
from apps.referrals.statements.compose import compose, owes_statement
from apps.referrals.statements.shape import SCHEMA_VERSION
from apps.referrals.statements.subject import reported_of, subject_of
from apps.referrals.transitions import ItemState, State
from apps.taxonomy.areas import PROPOSALS, Area
from apps.taxonomy.limits import Limit, OnQuestion, Unit
from apps.taxonomy.outcomes import MEANINGS, RESTRICTIONS, Outcome
from apps.taxonomy.statements import AutomatedDecision, DecisionGround

# What a decision of the demo says that its statement of reasons says too.
SAID = ("outcome", "ground", "legal_ground", "explanation", "acted_at", "automated_detection", "automated_decision")


def referral_of(  # noqa: PLR0913  a referral has two sides and a case
    pk: int,
    case: Case,
    story: CaseStory,
    told: ReferralStory,
    sender: Party,
    platform: Party,
    *,
    reference: str,
    draw: Random,
) -> Referral:
    proposal = PROPOSALS[story.area]
    was_sent = told.sent_at is not None
    was_approved = was_sent and sender.second is not None
    is_submitted = told.submitted_at is not None and told.returned_at is None
    return Referral(
        id=pk,
        sender_id=sender.organisation_id,
        recipient_id=platform.organisation_id,
        disclosed=was_sent,
        case_id=case.pk,
        reference=reference,
        state=state_of(told),
        instrument=story.instrument,
        area=story.area,
        category=proposal.category or "",
        keywords=[keyword.value for keyword in proposal.keywords],
        urgency=told.urgency,
        legal_basis=story.sender.legal_basis,
        reasons=draw.choice(MATTERS[story.area].reasons),
        language=story.language,
        good_faith_at=story.filed_at if RULES[story.instrument].needs_good_faith else None,
        item_count=len(told.items),
        open_count=0 if told.withdrawn_at else sum(not item.outcome for item in told.items),
        filed_at=story.filed_at,
        created_by_id=sender.first.user_id,
        submitted_at=told.submitted_at if is_submitted else None,
        submitted_by_id=sender.first.user_id if is_submitted else None,
        approved_at=told.sent_at if was_approved else None,
        approved_by_id=sender.second.user_id if was_approved and sender.second else None,
        sent_at=told.sent_at,
        received_at=told.received_at,
        acknowledged_at=told.acknowledged_at,
        answered_at=told.answered_at,
        due_at=None if told.withdrawn_at or _is_paused(told) else told.due_at,
    )


def state_of(told: ReferralStory) -> State:
    """The last thing that has happened decides."""
    reached = (
        (told.withdrawn_at, State.WITHDRAWN),
        (told.closed_at, State.CLOSED),
        (told.answered_at, State.ANSWERED),
        (_is_paused(told), State.INFO_REQUESTED),
        (told.acknowledged_at, State.ACKNOWLEDGED),
        (told.received_at, State.RECEIVED),
        (told.sent_at, State.SENT),
        (told.submitted_at and not told.returned_at, State.IN_REVIEW),
    )
    return next((state for happened, state in reached if happened), State.DRAFT)


def items_of(referral: Referral, told: ReferralStory, references: Iterator[str], ids: Iterator[int]) -> list[Item]:
    items = []
    for row, one in enumerate(told.items):
        url = f"https://{told.platform.host}/{one.path}"
        state = ItemState.DECIDED if one.outcome else ItemState.WITHDRAWN if told.withdrawn_at else ItemState.OPEN
        items.append(
            Item(
                id=next(ids),
                sender_id=referral.sender_id,
                recipient_id=referral.recipient_id,
                disclosed=referral.disclosed,
                referral_id=referral.pk,
                reference=next(references),
                row=row,
                url_raw=url,
                url=url,
                url_hash=hashlib.sha256(url.encode()).digest(),
                host=told.platform.host,
                content_type=one.content_type,
                content_language=one.language,
                state=state,
                outcome=one.outcome,
                decided_at=one.decided_at,
                due_at=referral.due_at if state is ItemState.OPEN else None,
                filed_at=referral.filed_at,
            )
        )
    return items


def decisions_of(
    items: Sequence[Item], told: ReferralStory, area: Area, *, by: Seat, draw: Random
) -> Iterator[Decision]:
    for item, one in zip(items, told.items, strict=True):
        if one.decided_at is None:
            continue
        is_restriction = Outcome(one.outcome) in RESTRICTIONS
        is_illegal = draw.random() < 0.6
        illegal, clause = DecisionGround.ILLEGAL_CONTENT.value, DecisionGround.INCOMPATIBLE_CONTENT.value
        yield Decision(
            sender_id=item.sender_id,
            recipient_id=item.recipient_id,
            item_id=item.pk,
            outcome=one.outcome,
            refusal_reason=one.refusal,
            ground=(illegal if is_illegal else clause) if is_restriction else "",
            legal_ground=(MATTERS[area].law if is_illegal else draw.choice(CLAUSES)) if is_restriction else "",
            explanation=draw.choice(EXPLANATIONS if is_restriction else REFUSALS),
            acted_at=one.decided_at if is_restriction else None,
            automated_detection=draw.random() < 0.2,
            automated_decision=AutomatedDecision.NOT_AUTOMATED.value,
            decided_at=one.decided_at,
            restrictions=_restrictions(one.outcome),
            decided_by_id=by.user_id,
            channel="api" if len(items) > 4 else "web",
        )


def _restrictions(outcome: str) -> list[str]:
    own = MEANINGS[Outcome(outcome)].restriction
    return [own.value] if own else []


def statements_of(decisions: Sequence[Decision], items: Sequence[Item], referral: Referral) -> Iterator[Statement]:
    """What the portal would have made of each decision that restricts; the decisions have their keys."""
    by_pk = {item.pk: item for item in items}
    reported = reported_of(referral)
    for decision in decisions:
        if not owes_statement(decision.outcome, referral.instrument):
            continue
        item = by_pk[decision.item_id]
        answer = Answer(item=item.reference, **{name: getattr(decision, name) for name in SAID})
        puid = new_puid(item.reference)
        yield Statement(
            organisation_id=item.recipient_id,
            puid=puid,
            origin=Origin.PORTAL,
            schema_version=SCHEMA_VERSION,
            content=compose(answer, subject_of(item, reported), puid=puid, at=decision.decided_at),
            created_at=decision.decided_at,
            sender_id=item.sender_id,
            item_id=item.pk,
            decision_id=decision.pk,
        )


def obligation_of(pk: int, referral: Referral, told: ReferralStory, climb: Climb) -> Obligation | None:
    if told.received_at is None or told.due_at is None:
        return None
    clock = _read(told)
    return Obligation(
        id=pk,
        sender_id=referral.sender_id,
        recipient_id=referral.recipient_id,
        referral_id=referral.pk,
        clock=Clock.ANSWER_TARGET,
        statutory=False,
        started_at=told.received_at,
        limit_amount=told.limit // timedelta(hours=1),
        limit_seconds=told.limit // timedelta(seconds=1),
        due_at=clock.due_at,
        paused_since=clock.paused_since,
        paused_seconds=sum(length(stop) // timedelta(seconds=1) for stop in clock.stops),
        stops=[stored(stop) for stop in clock.stops],
        round=clock.round,
        is_leading=clock.paused_since is None,
        met_at=clock.met_at,
        ended_at=clock.ended_at,
        chase_at=climb.chase_at,
        escalate_at=climb.escalate_at,
    )


def _is_paused(told: ReferralStory) -> bool:
    return told.asked_at is not None and told.replied_at is None


def _read(told: ReferralStory) -> Reading:
    acts = (
        (Act.START, told.received_at),
        (Act.STOP, told.asked_at),
        (Act.GO_ON, told.replied_at),
        (Act.MEET, told.answered_at),
        (Act.END, told.withdrawn_at),
    )
    terms = Terms(Limit(told.limit // timedelta(hours=1), Unit.HOURS), OnQuestion.PAUSE, WorkingCalendar(zone="UTC"))
    clock = read([Moment(act, at) for act, at in acts if at], terms)
    assert clock, "a referral that was received has a clock"
    return clock

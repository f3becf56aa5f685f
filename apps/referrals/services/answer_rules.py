"""What an answer must say. What its statement of reasons must say besides is in `apps.referrals.statements.rules`."""

from collections.abc import Hashable
from datetime import datetime
from typing import NamedTuple

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.referrals.answers import FAMILY_OF, TO_CHOOSE, Answer, restrictions_of
from apps.referrals.statements.shape import DECISION_FIELD
from apps.taxonomy.outcomes import DECISIONS, MEANINGS, RESTRICTIONS, Outcome, RefusalReason
from apps.taxonomy.restrictions import VisibilityRestriction
from apps.taxonomy.statements import AutomatedDecision, DecisionGround
from apps.taxonomy.territories import EEA

REASONS, GROUNDS = frozenset(RefusalReason.values), frozenset(DecisionGround.values)
AUTOMATIONS, TERRITORIES = frozenset(AutomatedDecision.values), frozenset(EEA)
ANSWERABLE = tuple(outcome for outcome in Outcome if outcome in DECISIONS)
EXPLANATION_LENGTH = 2000
LEGAL_GROUND_LENGTH = 500
FORWARDED_LENGTH = 200
ELSEWHERE = frozenset({Outcome.NOT_OUR_SERVICE, Outcome.FORWARDED})  # another service has what was reported


class AnswerCode(models.TextChoices):
    """Why an answer was not taken."""

    UNKNOWN_OUTCOME = "unknown_outcome", _("There is no such outcome. Use one of the codes on the list of outcomes.")
    REASON_REQUIRED = "refusal_reason_required", _("Say why no action was taken: choose a reason.")
    UNKNOWN_REASON = "unknown_refusal_reason", _("There is no such reason. Use one of the codes on the list.")
    GROUND_REQUIRED = "ground_required", _("Say whether the content is illegal or against the terms and conditions.")
    UNKNOWN_GROUND = (
        "unknown_ground",
        _("There is no such ground. Use DECISION_GROUND_ILLEGAL_CONTENT or …_INCOMPATIBLE_CONTENT."),
    )
    LEGAL_GROUND_REQUIRED = "legal_ground_required", _("Name the provision of law or the clause relied on.")
    UNKNOWN_RESTRICTION = (
        "unknown_restriction",
        _("There is no such restriction. Use DECISION_VISIBILITY_…, _MONETARY_…, _PROVISION_… or _ACCOUNT_…."),
    )
    RESTRICTION_REQUIRED = "restriction_required", _("Say which restriction it is: the outcome leaves that open.")
    RESTRICTION_NOT_TAKEN = (
        "restriction_not_taken",
        _("This outcome restricts nothing. Leave restrictions and puid out, or choose another outcome."),
    )
    RESTRICTIONS_CONFLICT = (
        "restrictions_conflict",
        _("Two restrictions of payments, of the service or of the account exclude each other. Name one of each."),
    )
    END_WITHOUT_RESTRICTION = (
        "end_without_restriction",
        _("An end date belongs to a restriction that was not taken. Leave it out, or name the restriction."),
    )
    END_BEFORE_ACTION = "end_before_action", _("A restriction cannot end before it began. Give a later end date.")
    STATEMENT_INVALID = (
        "statement_invalid",
        _("The statement of reasons would break a rule of its official format. Check its further details."),
    )
    UNKNOWN_PUID = (
        "unknown_puid",
        _("There is no statement with this puid that is still without a decision. Load the statement first."),
    )
    SCOPE_REQUIRED = "territorial_scope_required", _("Name the countries in which access is disabled.")
    UNKNOWN_TERRITORY = "unknown_territory", _("A country is not in the European Economic Area. Use two-letter codes.")
    IN_THE_FUTURE = "acted_at_in_the_future", _("The action cannot lie in the future. Give the time it was taken.")
    UNKNOWN_AUTOMATION = (
        "unknown_automated_decision",
        _("There is no such degree of automation. Use AUTOMATED_DECISION_…."),
    )
    TOO_LONG = "too_long", _("A text is too long: 2,000 characters for the explanation, 500 for the ground.")
    FORWARDED_TO_REQUIRED = "forwarded_to_required", _("Say to whom the notice was forwarded.")
    FORWARDED_TO_NOT_TAKEN = (
        "forwarded_to_not_taken",
        _("This outcome names no other service. Leave forwarded_to out, or choose FORWARDED or NOT_OUR_SERVICE."),
    )
    ANSWERED_TWICE = "answered_twice", _("The same item is answered earlier in this list. Send one answer per item.")
    NOT_FOUND = "not_found", _("There is no such item.")
    NOT_OPEN = "not_open", _("The referral was withdrawn or closed, so its items can no longer be answered.")


class Wording(NamedTuple):
    """What answers say, whichever item each is about. `number`: its place among the wordings of the batch."""

    number: int
    answer: Answer
    problem: AnswerCode | None


class Wordings:
    """The wordings of a batch: what many answers say alike is looked at once."""

    def __init__(self, at: datetime):
        self._at = at
        self._known: dict[Hashable, Wording] = {}

    def of(self, answer: Answer) -> Wording:
        """An answer's wording; one that holds a list has its own, equal to no other."""
        said = answer.apart_from_item() or object()
        found = self._known.get(said)
        if found is None:
            problem = first_problem(answer, at=self._at)
            found = self._known[said] = Wording(len(self._known), answer, problem)
        return found


def first_problem(answer: Answer, *, at: datetime) -> AnswerCode | None:
    """The first rule an answer breaks, or None. Looks at the answer alone; the item's state is the service's."""
    first = _outcome(answer) or _forwarding(answer) or _ground(answer)
    return first or _restrictions(answer) or _ends(answer, at) or _details(answer, at)


def _outcome(answer: Answer) -> AnswerCode | None:
    if answer.outcome not in ANSWERABLE:
        return AnswerCode.UNKNOWN_OUTCOME
    if answer.refusal_reason and answer.refusal_reason not in REASONS:
        return AnswerCode.UNKNOWN_REASON
    if answer.outcome == Outcome.NO_ACTION and not answer.refusal_reason:
        return AnswerCode.REASON_REQUIRED
    return None


def _forwarding(answer: Answer) -> AnswerCode | None:
    if answer.outcome == Outcome.FORWARDED and not answer.forwarded_to.strip():
        return AnswerCode.FORWARDED_TO_REQUIRED
    if answer.forwarded_to and answer.outcome not in ELSEWHERE:
        return AnswerCode.FORWARDED_TO_NOT_TAKEN
    return AnswerCode.TOO_LONG if len(answer.forwarded_to) > FORWARDED_LENGTH else None


def _ground(answer: Answer) -> AnswerCode | None:
    if answer.ground and answer.ground not in GROUNDS:
        return AnswerCode.UNKNOWN_GROUND
    if answer.outcome not in RESTRICTIONS:
        return None
    if not answer.ground:
        return AnswerCode.GROUND_REQUIRED
    return None if answer.legal_ground.strip() else AnswerCode.LEGAL_GROUND_REQUIRED


def _restrictions(answer: Answer) -> AnswerCode | None:
    if not set(answer.restrictions) <= FAMILY_OF.keys():
        return AnswerCode.UNKNOWN_RESTRICTION
    if answer.outcome not in RESTRICTIONS:
        return AnswerCode.RESTRICTION_NOT_TAKEN if answer.restrictions or answer.puid else None
    if answer.outcome in TO_CHOOSE and not set(answer.restrictions) & set(TO_CHOOSE[answer.outcome]):
        return AnswerCode.RESTRICTION_REQUIRED
    single = [FAMILY_OF[code] for code in restrictions_of(answer) if FAMILY_OF[code] is not VisibilityRestriction]
    return AnswerCode.RESTRICTIONS_CONFLICT if len(set(single)) < len(single) else None


def _ends(answer: Answer, at: datetime) -> AnswerCode | None:
    """Only of what restricts: elsewhere there is no statement, and what was said about one is not used."""
    if answer.outcome not in RESTRICTIONS:
        return None
    ends = {end: getattr(answer.detail, end) for _field, end in DECISION_FIELD.values()}
    taken = {DECISION_FIELD[FAMILY_OF[code]][1] for code in restrictions_of(answer)}
    given = {end: day for end, day in ends.items() if day}
    if not given.keys() <= taken:
        return AnswerCode.END_WITHOUT_RESTRICTION
    began = timezone.localdate(answer.acted_at or at)
    return AnswerCode.END_BEFORE_ACTION if any(day < began for day in given.values()) else None


def _details(answer: Answer, at: datetime) -> AnswerCode | None:
    if MEANINGS[Outcome(answer.outcome)].needs_countries and not answer.territorial_scope:
        return AnswerCode.SCOPE_REQUIRED
    if not TERRITORIES.issuperset(answer.territorial_scope):
        return AnswerCode.UNKNOWN_TERRITORY
    if answer.acted_at and answer.acted_at > at:
        return AnswerCode.IN_THE_FUTURE
    if answer.automated_decision and answer.automated_decision not in AUTOMATIONS:
        return AnswerCode.UNKNOWN_AUTOMATION
    if len(answer.explanation) > EXPLANATION_LENGTH or len(answer.legal_ground) > LEGAL_GROUND_LENGTH:
        return AnswerCode.TOO_LONG
    return None

"""What an answer must say. The full statement of reasons (domain.md 4.4) builds on these."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.taxonomy.outcomes import DECISIONS, MEANINGS, RESTRICTIONS, Outcome, RefusalReason
from apps.taxonomy.statements import AutomatedDecision, DecisionGround
from apps.taxonomy.territories import EEA

ANSWERABLE = tuple(outcome for outcome in Outcome if outcome in DECISIONS)
EXPLANATION_LENGTH = 2000
LEGAL_GROUND_LENGTH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One platform's answer about one item, by its reference. Codes are the official ones (domain.md 4.4, 13.2)."""

    item: str
    outcome: str
    refusal_reason: str = ""
    ground: str = ""
    legal_ground: str = ""
    explanation: str = ""
    acted_at: datetime | None = None
    automated_detection: bool | None = None
    automated_decision: str = ""
    territorial_scope: Sequence[str] = ()
    platform_reference: str = ""


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
    SCOPE_REQUIRED = "territorial_scope_required", _("Name the countries in which access is disabled.")
    UNKNOWN_TERRITORY = "unknown_territory", _("A country is not in the European Economic Area. Use two-letter codes.")
    IN_THE_FUTURE = "acted_at_in_the_future", _("The action cannot lie in the future. Give the time it was taken.")
    UNKNOWN_AUTOMATION = (
        "unknown_automated_decision",
        _("There is no such degree of automation. Use AUTOMATED_DECISION_…."),
    )
    TOO_LONG = "too_long", _("A text is too long: 2,000 characters for the explanation, 500 for the ground.")
    ANSWERED_TWICE = "answered_twice", _("The same item is answered earlier in this list. Send one answer per item.")
    NOT_FOUND = "not_found", _("There is no such item.")
    NOT_OPEN = "not_open", _("The referral was withdrawn or closed, so its items can no longer be answered.")


def first_problem(answer: Answer, *, at: datetime) -> AnswerCode | None:
    """The first rule an answer breaks, or None. Looks at the answer alone; the item's state is the service's."""
    return _outcome(answer) or _ground(answer) or _details(answer, at)


def _outcome(answer: Answer) -> AnswerCode | None:
    if answer.outcome not in ANSWERABLE:
        return AnswerCode.UNKNOWN_OUTCOME
    if answer.refusal_reason and answer.refusal_reason not in RefusalReason.values:
        return AnswerCode.UNKNOWN_REASON
    if answer.outcome == Outcome.NO_ACTION and not answer.refusal_reason:
        return AnswerCode.REASON_REQUIRED
    return None


def _ground(answer: Answer) -> AnswerCode | None:
    if answer.ground and answer.ground not in DecisionGround.values:
        return AnswerCode.UNKNOWN_GROUND
    if answer.outcome not in RESTRICTIONS:
        return None
    if not answer.ground:
        return AnswerCode.GROUND_REQUIRED
    return None if answer.legal_ground.strip() else AnswerCode.LEGAL_GROUND_REQUIRED


def _details(answer: Answer, at: datetime) -> AnswerCode | None:
    if MEANINGS[Outcome(answer.outcome)].needs_countries and not answer.territorial_scope:
        return AnswerCode.SCOPE_REQUIRED
    if not set(answer.territorial_scope) <= set(EEA):
        return AnswerCode.UNKNOWN_TERRITORY
    if answer.acted_at and answer.acted_at > at:
        return AnswerCode.IN_THE_FUTURE
    if answer.automated_decision and answer.automated_decision not in AutomatedDecision.values:
        return AnswerCode.UNKNOWN_AUTOMATION
    if len(answer.explanation) > EXPLANATION_LENGTH or len(answer.legal_ground) > LEGAL_GROUND_LENGTH:
        return AnswerCode.TOO_LONG
    return None

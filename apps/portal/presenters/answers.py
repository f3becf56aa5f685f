"""What stands around the form of an answer: whom it is about, the outcomes in groups, and what the sender will read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.organisations.models import Kind, Organisation
from apps.portal.forms.answers import AnswerForm
from apps.portal.presenters.decisions import facts_of, newest_of
from apps.portal.presenters.lists import ItemRow, item_row
from apps.referrals.answers import TO_CHOOSE, restrictions_of
from apps.referrals.models import AnswerTemplate, Decision, Item
from apps.referrals.services import ANSWERABLE, Answer
from apps.referrals.services.answer_rules import ELSEWHERE
from apps.referrals.statements.compose import last_end
from apps.referrals.statements.preview import preview_statement
from apps.referrals.transitions import UNANSWERED, ItemState, State, Transition
from apps.taxonomy.outcomes import RESTRICTIONS, Outcome

Facts = Sequence[tuple[str | Promise, object]]

SHOWN_ROWS = 50
SAID = (
    "outcome",
    "refusal_reason",
    "forwarded_to",
    "ground",
    "legal_ground",
    "explanation",
    "acted_at",
    "automated_detection",
    "automated_decision",
    "territorial_scope",
    "platform_reference",
)
FREQUENT = (
    Outcome.REMOVED,
    Outcome.DISABLED_GLOBAL,
    Outcome.DISABLED_EU,
    Outcome.DISABLED_COUNTRIES,
    Outcome.ACCOUNT_SUSPENDED,
    Outcome.ACCOUNT_TERMINATED,
)
NO_ACTION = (Outcome.NO_ACTION, Outcome.ALREADY_REMOVED)
NOT_HERE = (Outcome.NOT_FOUND, Outcome.NOT_OUR_SERVICE, Outcome.FORWARDED)
OTHER_MEASURES = tuple(outcome for outcome in ANSWERABLE if outcome.meaning.restricts and outcome not in FREQUENT)


@dataclass(frozen=True, slots=True)
class Choice:
    """One outcome as a card. `needs`: which further questions it opens, as the style sheet knows them."""

    value: str
    label: str | Promise
    needs: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    label: str | Promise
    help_text: str | Promise
    choices: Sequence[Choice]
    folded: Sequence[Choice] = ()

    @property
    def is_unfolded(self) -> bool:
        return any(choice.is_chosen for choice in self.folded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The items an answer is about. `closed`: those that can no longer be answered, left out of `references`.

    `reasons` and `instrument` are the sender's words where all items belong to one referral.
    """

    rows: Sequence[ItemRow]
    references: Sequence[str]
    closed: Sequence[str]
    corrected: int
    senders: Sequence[str]
    reasons: str
    instrument: str
    earlier: Facts
    referral: str = ""

    @property
    def count(self) -> int:
        return len(self.references)

    @property
    def unseen(self) -> int:
        return max(self.count - len(self.rows), 0)


@dataclass(frozen=True, slots=True)
class Statement:
    """What the sender will read (`facts`), and the person whose content it is (`user`).

    `open_questions`: what is still to be said.
    """

    outcome: str
    facts: Facts
    open_questions: Sequence[str]
    user: Facts = ()


def selection_of(items: Sequence[Item]) -> Selection:
    """Asks one query more where exactly one item is answered again: what was decided before."""
    answerable = [item for item in items if _may_be_answered(item)]
    earlier = newest_of(answerable) if len(answerable) == 1 else {}
    envelopes = {item.referral_id: item.referral for item in answerable}
    referral = answerable[0].referral if len(envelopes) == 1 else None
    return Selection(
        rows=[item_row(item, may_answer=True) for item in answerable[:SHOWN_ROWS]],
        references=[item.reference for item in answerable],
        closed=[item.reference for item in items if not _may_be_answered(item)],
        corrected=sum(item.state == ItemState.DECIDED for item in answerable),
        senders=sorted({item.sender.name for item in answerable}),
        reasons=referral.reasons if referral else "",
        instrument=str(referral.get_instrument_display()) if referral else "",
        referral=referral.reference if referral and referral.allows(Transition.REQUEST_INFORMATION) else "",
        earlier=facts_of(earlier.get(answerable[0].pk)) if answerable else [],
    )


def groups_of(form: AnswerForm) -> list[ChoiceGroup]:
    chosen = str(form["outcome"].value() or "")
    return [
        ChoiceGroup(
            _("We acted"),
            _("You name the law or the clause, as a statement of reasons does."),
            _choices(FREQUENT, chosen),
            folded=_choices(OTHER_MEASURES, chosen),
        ),
        ChoiceGroup(_("No action"), "", _choices(NO_ACTION, chosen)),
        ChoiceGroup(_("Not here"), "", _choices(NOT_HERE, chosen)),
    ]


def statement_of(form: AnswerForm, item: Item | None, *, at: datetime) -> Statement:
    """The answer as far as it is written, as if to `item`; nothing in it is stored."""
    whole = form.is_valid()
    answer = form.answer()
    questions = [str(error) for errors in form.errors.values() for error in errors]
    facts = facts_of(_decision(answer))
    if not whole or item is None:
        return Statement(answer.outcome, facts, questions)
    shown = preview_statement(replace(answer, item=item.reference), item, at=at)
    questions += [f"{problem.field}: {problem.sentence}" for problem in shown.problems]
    return Statement(answer.outcome, facts, questions, shown.user)


def initial_of(items: Sequence[Item]) -> dict[str, Any]:
    """A correction of one item starts from what was decided before."""
    decision = newest_of(items).get(items[0].pk) if len(items) == 1 else None
    if decision is None:
        return {}
    names = ("outcome", "ground", "legal_ground", "territorial_scope", "refusal_reason", "explanation", "forwarded_to")
    more = ("acted_at", "automated_decision", "platform_reference", "ends_on")
    facts = {name: getattr(decision, name) for name in (*names, *more)}
    chosen = [code for code in decision.restrictions if code in TO_CHOOSE.get(decision.outcome, ())]
    facts["restriction"] = chosen[0] if chosen else ""
    detection = {True: "yes", False: "no", None: ""}[decision.automated_detection]
    return {**{name: value for name, value in facts.items() if value}, "automated_detection": detection}


def templates_of(by: Principal) -> Sequence[AnswerTemplate]:
    """The organisation's saved answers, by name."""
    rows = AnswerTemplate.objects.filter(organisation_id=by.organisation_id)
    return list(rows.select_related("changed_by").order_by("name"))


def platform_names(by: Principal) -> Sequence[str]:
    """The directory's other platforms, to forward a notice to."""
    rows = Organisation.objects.filter(kind=Kind.PLATFORM, is_active=True, sandbox_of=None).exclude(
        pk=by.organisation_id
    )
    return list(rows.order_by("name").values_list("name", flat=True))


def _decision(answer: Answer) -> Decision:
    facts = {name: getattr(answer, name) for name in SAID}
    ends_on = last_end(answer) if answer.outcome in RESTRICTIONS else None
    restrictions = list(restrictions_of(answer)) if answer.outcome in TO_CHOOSE else []
    return Decision(**facts, ends_on=ends_on, restrictions=restrictions)


def _choices(outcomes: Sequence[Outcome], chosen: str) -> list[Choice]:
    return [Choice(one.value, one.label, _needs(one), one.value == chosen) for one in outcomes]


def _needs(outcome: Outcome) -> str:
    if outcome.meaning.needs_countries:
        return "acted countries"
    if outcome in TO_CHOOSE:
        return "acted restriction"
    if outcome in ELSEWHERE:
        return "elsewhere"
    if outcome.meaning.restricts:
        return "acted"
    return "refused" if outcome is Outcome.NO_ACTION else "none"


def _may_be_answered(item: Item) -> bool:
    is_open = item.referral.state in UNANSWERED | {State.ANSWERED}
    return is_open and item.state != ItemState.WITHDRAWN

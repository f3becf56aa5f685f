"""The form of an answer: one set of facts, recorded for every item it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.referrals.answers import FAMILIES, FAMILY_OF, TO_CHOOSE, restrictions_of
from apps.referrals.services import ANSWERABLE, Answer, AnswerCode, Detail
from apps.referrals.services.answer_rules import ELSEWHERE, FORWARDED_LENGTH, first_problem
from apps.referrals.services.templates import NAME_LENGTH
from apps.referrals.statements.shape import DECISION_FIELD
from apps.taxonomy.outcomes import Outcome, RefusalReason
from apps.taxonomy.restrictions import MonetaryRestriction, VisibilityRestriction
from apps.taxonomy.statements import AutomatedDecision, DecisionGround
from apps.taxonomy.territories import EEA

EXPLANATION_LENGTH = 2000
LEGAL_GROUND_LENGTH = 500
LOCAL = "%Y-%m-%dT%H:%M"
YES, NO = "yes", "no"
ALWAYS = frozenset({"explanation", "platform_reference"})
NEEDED = ("ground", "legal_ground", "territorial_scope", "refusal_reason", "restriction")
OF_RESTRICTIONS = frozenset({"ground", "legal_ground", "acted_at", "automated_detection", "automated_decision"})
OF_STATEMENTS = frozenset({"ends_on", "ground_url", "decision_facts"})
OTHERS = {
    MonetaryRestriction.OTHER.value: "decision_monetary_other",
    VisibilityRestriction.OTHER.value: "decision_visibility_other",
}
WHERE = {  # the field a broken rule is shown at
    AnswerCode.RESTRICTION_REQUIRED: "restriction",
    AnswerCode.RESTRICTIONS_CONFLICT: "restriction",
    AnswerCode.END_BEFORE_ACTION: "ends_on",
    AnswerCode.END_WITHOUT_RESTRICTION: "ends_on",
    AnswerCode.FORWARDED_TO_REQUIRED: "forwarded_to",
}


def _countries() -> list[tuple[str, str]]:
    """By name, in the language of whoever reads."""
    return sorted(((country.value, str(country.label)) for country in EEA), key=itemgetter(1))


def _restrictions() -> list[tuple[str, Any]]:
    """By family, in the words of the official schema."""
    families = [(str(LABELS[family.__name__]), family.choices) for family in FAMILIES]
    return [("", _("Choose a restriction")), *families]


LABELS = {
    "VisibilityRestriction": _("Visibility"),
    "MonetaryRestriction": _("Payments"),
    "ProvisionRestriction": _("Service"),
    "AccountRestriction": _("Account"),
}


class AnswerForm(forms.Form):
    """Only what the outcome needs is asked and kept; the rules themselves are the service's."""

    use_required_attribute = False  # a browser would insist on questions that the outcome does not open

    outcome = forms.ChoiceField(
        label=_("What did you do?"),
        choices=[(outcome.value, outcome.label) for outcome in ANSWERABLE],
        error_messages={"required": _("Choose what you did.")},
    )
    ground = forms.ChoiceField(
        label=_("Ground"),
        choices=DecisionGround.choices,
        widget=forms.RadioSelect,
        error_messages={"required": AnswerCode.GROUND_REQUIRED.label},
    )
    legal_ground = forms.CharField(
        label=_("Provision of law or clause of your terms"),
        help_text=_("For example: Article 3 of Regulation (EU) 2021/784, or section 4.2 of the community guidelines."),
        max_length=LEGAL_GROUND_LENGTH,
        error_messages={"required": AnswerCode.LEGAL_GROUND_REQUIRED.label},
    )
    territorial_scope = forms.MultipleChoiceField(
        label=_("Countries in which access is disabled"),
        choices=_countries,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": AnswerCode.SCOPE_REQUIRED.label},
    )
    refusal_reason = forms.ChoiceField(
        label=_("Reason for no action"),
        choices=[("", _("Choose a reason")), *RefusalReason.choices],
        error_messages={"required": AnswerCode.REASON_REQUIRED.label},
    )
    restriction = forms.ChoiceField(
        label=_("Which restriction"),
        choices=_restrictions,
        error_messages={"required": AnswerCode.RESTRICTION_REQUIRED.label},
    )
    other_restriction = forms.CharField(
        label=_("What it is, if none of the list fits"),
        help_text=_("Where you chose “Other”. Up to 500 characters."),
        required=False,
        max_length=LEGAL_GROUND_LENGTH,
    )
    forwarded_to = forms.CharField(
        label=_("To whom it belongs"),
        help_text=_("A platform of the directory, or other words. The sender is told."),
        required=False,
        max_length=FORWARDED_LENGTH,
        widget=forms.TextInput(attrs={"list": "platforms", "autocomplete": "off"}),
    )
    explanation = forms.CharField(
        label=_("Explanation"),
        help_text=_("The sender reads this text. Up to 2,000 characters."),
        required=False,
        max_length=EXPLANATION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5, "data-counter": ""}),
    )
    acted_at = forms.DateTimeField(
        label=_("Time of the action"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
    )
    automated_detection = forms.ChoiceField(
        label=_("Found by automated means"),
        required=False,
        choices=[("", _("Not stated")), (NO, _("No")), (YES, _("Yes"))],
    )
    automated_decision = forms.ChoiceField(
        label=_("Decided by automated means"),
        required=False,
        choices=[("", _("Not stated")), *AutomatedDecision.choices],
    )
    ends_on = forms.DateField(
        label=_("Restricted until"),
        help_text=_("Empty: without an end."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    ground_url = forms.URLField(
        label=_("Where the law or the clause is published"), required=False, max_length=500, assume_scheme="https"
    )
    decision_facts = forms.CharField(
        label=_("Facts and circumstances"),
        help_text=_("For the statement of reasons. Empty: they are taken from the referral. Up to 5,000 characters."),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "data-counter": ""}),
    )
    platform_reference = forms.CharField(label=_("Your own reference"), required=False, max_length=200)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, at: datetime, initial: Mapping[str, Any] | None = None
    ):
        super().__init__(data, initial={"acted_at": at, **(initial or {})})
        self.at = at

    def full_clean(self) -> None:
        """Insist on what the outcome needs, and on nothing else."""
        needed = fields_of(self.data.get("outcome", ""))
        for name in NEEDED:
            self.fields[name].required = name in needed
        super().full_clean()
        for name in NEEDED:
            self.fields[name].required = True

    def clean_acted_at(self) -> datetime | None:
        acted_at: datetime | None = self.cleaned_data["acted_at"]
        if acted_at and acted_at > self.at and "acted_at" in fields_of(self.data.get("outcome", "")):
            raise forms.ValidationError(AnswerCode.IN_THE_FUTURE.label)
        return acted_at

    def clean(self) -> dict[str, Any]:
        """The service's own rules, at the field they are about. Fields with an error of their own come first."""
        if not self.errors and (code := first_problem(self.answer(), at=self.at)):
            field = WHERE.get(code)
            self.add_error(field if field in self.fields else None, str(code.label))
        return self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """The fields this outcome has, as they were filled in; also of an unfinished form."""
        given = self.cleaned_data
        outcome = given.get("outcome", "")
        return {"outcome": outcome, **{name: given[name] for name in fields_of(outcome) if given.get(name)}}

    def answer(self, reference: str = "") -> Answer:
        """What is kept; fields that the outcome does not have are as if they were empty."""
        facts = self.facts()
        if "automated_detection" in facts:
            facts["automated_detection"] = facts["automated_detection"] == YES
        more = {name: facts.pop(name, "") for name in ("restriction", "other_restriction", *OF_STATEMENTS)}
        restrictions = (more["restriction"],) if more["restriction"] else ()
        answer = Answer(item=reference, restrictions=restrictions, **facts)
        return replace(answer, detail=_detail(answer, more)) if answer.outcome else answer

    def answers(self, references: Sequence[str]) -> list[Answer]:
        answer = self.answer()
        return [replace(answer, item=reference) for reference in references]

    def as_template(self) -> dict[str, Any]:
        """What a template keeps: everything but what belongs to one time or one case."""
        facts = self.facts()
        facts.pop("acted_at", None), facts.pop("platform_reference", None)
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}


class TemplateNameForm(forms.Form):
    kept_as = forms.CharField(
        label=_("Name of the template"),
        max_length=NAME_LENGTH,
        required=True,
        error_messages={"required": _("Give the template a name.")},
    )

    use_required_attribute = False


def _detail(answer: Answer, more: Mapping[str, Any]) -> Detail:
    """More for the statement of reasons: an end date holds for everything that was restricted."""
    families = {FAMILY_OF[code] for code in restrictions_of(answer)} if more["ends_on"] else set()
    facts = {DECISION_FIELD[family][1]: more["ends_on"] for family in families}
    if more["restriction"] in OTHERS:
        facts[OTHERS[more["restriction"]]] = more["other_restriction"]
    return Detail(decision_ground_reference_url=more["ground_url"], decision_facts=more["decision_facts"], **facts)


def fields_of(outcome: str) -> frozenset[str]:
    """Which facts belong to an outcome; without one, those that belong to all."""
    if outcome not in ANSWERABLE:
        return ALWAYS
    meaning = Outcome(outcome).meaning
    fields = ALWAYS | OF_RESTRICTIONS | OF_STATEMENTS if meaning.restricts else ALWAYS
    if meaning.needs_countries:
        fields |= {"territorial_scope"}
    if outcome in TO_CHOOSE:
        fields |= {"restriction", "other_restriction"}
    if outcome in ELSEWHERE:
        fields |= {"forwarded_to"}
    return fields | {"refusal_reason"} if outcome == Outcome.NO_ACTION else fields

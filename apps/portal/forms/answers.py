"""The form of an answer: one set of facts, recorded for every item it is about."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.referrals.services import ANSWERABLE, Answer, AnswerCode
from apps.taxonomy.outcomes import Outcome, RefusalReason
from apps.taxonomy.statements import AutomatedDecision, DecisionGround
from apps.taxonomy.territories import EEA

EXPLANATION_LENGTH = 2000
LEGAL_GROUND_LENGTH = 500
LOCAL = "%Y-%m-%dT%H:%M"
YES, NO = "yes", "no"
ALWAYS = frozenset({"explanation", "platform_reference"})
NEEDED = ("ground", "legal_ground", "territorial_scope", "refusal_reason")
OF_RESTRICTIONS = frozenset({"ground", "legal_ground", "acted_at", "automated_detection", "automated_decision"})


def _countries() -> list[tuple[str, str]]:
    """By name, in the language of whoever reads."""
    return sorted(((country.value, str(country.label)) for country in EEA), key=itemgetter(1))


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

    def facts(self) -> dict[str, Any]:
        """What is kept: the fields this outcome has, the others as if they were empty. Also of an unfinished form."""
        given = self.cleaned_data
        outcome = given.get("outcome", "")
        kept = fields_of(outcome)
        facts = {name: given[name] for name in kept if given.get(name)}
        if "automated_detection" in facts:
            facts["automated_detection"] = facts["automated_detection"] == YES
        return {"outcome": outcome, **facts}

    def answers(self, references: Sequence[str]) -> list[Answer]:
        facts = self.facts()
        return [Answer(item=reference, **facts) for reference in references]


def fields_of(outcome: str) -> frozenset[str]:
    """Which facts belong to an outcome; without one, those that belong to all."""
    if outcome not in ANSWERABLE:
        return ALWAYS
    meaning = Outcome(outcome).meaning
    fields = ALWAYS | OF_RESTRICTIONS if meaning.restricts else ALWAYS
    if meaning.needs_countries:
        fields |= {"territorial_scope"}
    return fields | {"refusal_reason"} if outcome == Outcome.NO_ACTION else fields

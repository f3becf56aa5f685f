"""The answer of somebody who has no account: five big buttons, and only the questions that belong to them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from apps.portal.forms.answers import LOCAL
from apps.referrals.services import Answer, AnswerCode
from apps.taxonomy.outcomes import Outcome, RefusalReason
from apps.taxonomy.statements import DecisionGround

MOST_SINGLE = 30


class Act(TextChoices):
    """The buttons. Which outcome each is, its own small question says."""

    REMOVED = "removed", _("Removed")
    DISABLED = "disabled", _("Access disabled")
    GONE = "gone", _("Not found, or already gone")
    REFUSED = "refused", _("No action")
    NOT_OURS = "not_ours", _("Not our service")


LATER = "later"
NEEDED = ("ground", "legal_ground", "refusal_reason", "where", "gone")
OF_ACTIONS = frozenset({Act.REMOVED, Act.DISABLED})
ACTS_OF_OUTCOMES: Mapping[str, tuple[Act, Mapping[str, str]]] = {
    Outcome.REMOVED: (Act.REMOVED, {}),
    Outcome.DISABLED_GLOBAL: (Act.DISABLED, {"where": Outcome.DISABLED_GLOBAL.value}),
    Outcome.DISABLED_EU: (Act.DISABLED, {"where": Outcome.DISABLED_EU.value}),
    Outcome.NOT_FOUND: (Act.GONE, {"gone": Outcome.NOT_FOUND.value}),
    Outcome.ALREADY_REMOVED: (Act.GONE, {"gone": Outcome.ALREADY_REMOVED.value}),
    Outcome.NO_ACTION: (Act.REFUSED, {}),
    Outcome.NOT_OUR_SERVICE: (Act.NOT_OURS, {}),
}


class AnswerByLinkForm(forms.Form):
    """One answer for all items, or another one for some of them (`item-<reference>`)."""

    use_required_attribute = False

    act = forms.ChoiceField(
        label=_("What did you do?"),
        choices=Act.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you did.")},
    )
    where = forms.ChoiceField(
        label=_("Where"),
        initial=Outcome.DISABLED_EU.value,
        widget=forms.RadioSelect,
        choices=[
            (Outcome.DISABLED_EU.value, _("In the European Union")),
            (Outcome.DISABLED_GLOBAL.value, _("Worldwide")),
        ],
    )
    gone = forms.ChoiceField(
        label=_("Which of the two"),
        initial=Outcome.NOT_FOUND.value,
        widget=forms.RadioSelect,
        choices=[
            (Outcome.NOT_FOUND.value, _("We find nothing there")),
            (Outcome.ALREADY_REMOVED.value, _("It was gone before your message")),
        ],
    )
    ground = forms.ChoiceField(
        label=_("Because it is"),
        widget=forms.RadioSelect,
        choices=[
            (DecisionGround.ILLEGAL_CONTENT.value, _("against the law")),
            (DecisionGround.INCOMPATIBLE_CONTENT.value, _("against our terms")),
        ],
        error_messages={"required": AnswerCode.GROUND_REQUIRED.label},
    )
    legal_ground = forms.CharField(
        label=_("Which law, or which clause"),
        max_length=500,
        error_messages={"required": AnswerCode.LEGAL_GROUND_REQUIRED.label},
    )
    acted_at = forms.DateTimeField(
        label=_("When you did it"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
    )
    refusal_reason = forms.ChoiceField(
        label=_("Why not"),
        choices=[("", _("Choose a reason")), *RefusalReason.choices],
        error_messages={"required": AnswerCode.REASON_REQUIRED.label},
    )
    explanation = forms.CharField(
        label=_("Anything the sender should know"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        items: Sequence[str],
        at: datetime,
        initial: Mapping[str, Any] | None = None,
    ):
        super().__init__(data, initial={"acted_at": at, **(initial or {})})
        self.at, self.items = at, items
        for place, reference in enumerate(self.singles, start=1):
            self.fields[f"item-{reference}"] = forms.ChoiceField(
                label=_("Address %(place)d") % {"place": place},
                required=False,
                choices=[("", _("As above")), *Act.choices, (LATER, _("Later: leave it open"))],
            )

    @property
    def singles(self) -> Sequence[str]:
        """The items that may get an answer of their own: where there is more than one, and not too many to show."""
        return self.items if 1 < len(self.items) <= MOST_SINGLE else ()

    def full_clean(self) -> None:
        """What an act needs is asked of that act alone; shown, it is no option."""
        for name in NEEDED:
            self.fields[name].required = False
        super().full_clean()
        for name in NEEDED:
            self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        acts = set(self.acts().values())
        if acts & OF_ACTIONS:
            self._need("ground")
            self._need("legal_ground")
        if Act.REFUSED in acts:
            self._need("refusal_reason")
        if given.get("acted_at") and given["acted_at"] > self.at and acts & OF_ACTIONS:
            self.add_error("acted_at", AnswerCode.IN_THE_FUTURE.label)
        return given

    def _need(self, name: str) -> None:
        if not str(self.cleaned_data.get(name, "")).strip() and name not in self.errors:
            self.add_error(name, self.fields[name].error_messages["required"])

    def acts(self) -> dict[str, str]:
        """What was done with each item; those left for later are not in it."""
        main = self.cleaned_data.get("act", "")
        each = {item: self.cleaned_data.get(f"item-{item}") or main for item in self.items}
        return {item: act for item, act in each.items() if act and act != LATER}

    def answers(self) -> list[Answer]:
        return [Answer(item=item, **self._facts(act)) for item, act in self.acts().items()]

    def _facts(self, act: str) -> dict[str, Any]:
        given = self.cleaned_data
        facts: dict[str, Any] = {"outcome": self._outcome(act), "explanation": given["explanation"]}
        if act in OF_ACTIONS:
            facts |= {name: given[name] for name in ("ground", "legal_ground", "acted_at")}
        if act == Act.REFUSED:
            facts["refusal_reason"] = given["refusal_reason"]
        return facts

    def _outcome(self, act: str) -> str:
        given = self.cleaned_data
        chosen = {
            Act.REMOVED.value: Outcome.REMOVED.value,
            Act.DISABLED.value: given["where"] or Outcome.DISABLED_EU.value,
            Act.GONE.value: given["gone"] or Outcome.NOT_FOUND.value,
            Act.REFUSED.value: Outcome.NO_ACTION.value,
            Act.NOT_OURS.value: Outcome.NOT_OUR_SERVICE.value,
        }
        return chosen[act]


class QuestionForm(forms.Form):
    text = forms.CharField(
        label=_("Your question"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what you need to know.")},
    )

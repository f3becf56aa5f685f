from django import forms
from django.http import QueryDict

from apps.portal.presenters.bulk import BUTTONS
from apps.referrals.services import TextRequired
from apps.referrals.transitions import TRANSITIONS, Move, Transition

TEXT_LENGTH = 5000
AT_MOST = 1000


class BulkForm(forms.Form):
    """One act on a selection: the references ticked, or everything that matches the filters of the list."""

    data: QueryDict

    act = forms.ChoiceField(choices=[(transition.value, "") for transition in BUTTONS])
    text = forms.CharField(required=False, max_length=TEXT_LENGTH)
    everything = forms.BooleanField(required=False)
    filters = forms.CharField(required=False)
    confirmed = forms.BooleanField(required=False)

    @property
    def is_known(self) -> bool:
        """Whether it says what to do. What is wrong with the words is shown where they are asked for."""
        self.is_valid()
        return "act" in self.cleaned_data

    @property
    def transition(self) -> Transition:
        return Transition(self.cleaned_data["act"])

    @property
    def move(self) -> Move:
        return TRANSITIONS[self.transition]

    @property
    def is_confirmed(self) -> bool:
        return bool(self.cleaned_data.get("confirmed"))

    @property
    def must_ask(self) -> bool:
        """Before words are missing, and before an act on rows the person has not ticked one by one."""
        lacks_text = self.move.needs_text and not self.cleaned_data.get("text")
        return lacks_text or (self.cleaned_data["everything"] and not self.is_confirmed)

    @property
    def problems(self) -> list[str]:
        """What is wrong with the words, once they were asked for."""
        wrong = [str(problem) for problem in self.errors.get("text", [])]
        return wrong or [str(TextRequired.message)] if self.is_confirmed else []

    @property
    def words(self) -> dict[str, str]:
        return {"text": self.cleaned_data["text"]} if self.move.needs_text else {}

    @property
    def parameters(self) -> QueryDict:
        """The filters of the list the selection was made in."""
        return QueryDict(self.cleaned_data.get("filters", ""))

    @property
    def references(self) -> list[str]:
        return self.data.getlist("reference")[:AT_MOST]

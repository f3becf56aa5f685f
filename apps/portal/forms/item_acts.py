from datetime import datetime, time

from django import forms
from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.referrals.services.desk import NUMBER_LENGTH


class ItemAct(models.TextChoices):
    """What a platform does with items of its worklist, beside reading them."""

    ANSWER = "answer", _("Answer")
    CLAIM = "claim", _("Claim")
    RELEASE = "release", _("Release")
    ASSIGN = "assign", _("Assign")
    SNOOZE = "snooze", _("Put off")
    WAKE = "wake", _("Bring back")
    NUMBER = "number", _("Set the number")
    ANNOUNCE = "announce", _("Announce the answers")


NEEDED = {
    ItemAct.ASSIGN: ("assignee", _("Choose a colleague to assign the items to.")),
    ItemAct.ANNOUNCE: ("answered_on", _("Choose the day by which the answers will be there.")),
    ItemAct.SNOOZE: ("until", _("Choose the day on which the items come back.")),
}


class ItemActForm(forms.Form):
    """One act on a selection, and what it needs to know. A row's own button names its item itself."""

    data: QueryDict

    act = forms.ChoiceField(choices=ItemAct.choices)
    assignee = forms.CharField(required=False, max_length=254)
    until = forms.DateField(
        required=False, error_messages={"invalid": _("Write the day as a date, such as 2026-12-21.")}
    )
    number = forms.CharField(
        required=False,
        max_length=NUMBER_LENGTH,
        error_messages={"max_length": _("A tracking number has at most 100 characters. Shorten it.")},
    )

    answered_on = forms.DateField(
        required=False, error_messages={"invalid": _("Write the day as a date, such as 2026-12-21.")}
    )
    said = forms.CharField(
        required=False,
        max_length=500,
        error_messages={"max_length": _("The text is longer than 500 characters. Shorten it.")},
    )

    def __init__(self, data: QueryDict):
        if "claim" in data:
            data = data.copy()
            data["act"], data["everything"] = ItemAct.CLAIM.value, ""
            data.setlist("item", [str(data["claim"])])
        super().__init__(data)

    @property
    def problem(self) -> str:
        """Why it cannot be done; empty where it can."""
        if not self.is_valid():
            wrong = [str(one) for name, errors in self.errors.items() if name != "act" for one in errors]
            return wrong[0] if wrong else str(_("Choose what to do with the selected items."))
        field, sentence = NEEDED.get(self.chosen_act, ("", ""))
        return "" if not field or self.cleaned_data[field] else str(sentence)

    @property
    def chosen_act(self) -> ItemAct:
        return ItemAct(self.cleaned_data["act"])

    @property
    def comes_back_at(self) -> datetime:
        """The beginning of that day, where the person is."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["until"], time.min))

    @property
    def answered_by(self) -> datetime:
        """The end of the day on which the answers will be there, where the person is."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["answered_on"], time.max))

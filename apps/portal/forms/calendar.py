from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import Calendar, Organisation
from apps.organisations.public_holidays import subdivisions_of

TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class CalendarForm(forms.Form):
    """When an organisation works, and when reminders wait."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Working days"),
        help_text=_("Public holidays and closed days are left out by themselves."),
        coerce=int,
        choices=[(number + 1, name) for number, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    subdivision = forms.ChoiceField(
        label=_("Part of the country"), help_text=_("Where public holidays differ by region."), required=False
    )
    opens = forms.TimeField(label=_("Opens"), widget=TIME)
    closes = forms.TimeField(label=_("Closes"), widget=TIME)
    quiet_from = forms.TimeField(
        label=_("No reminders from"), help_text=_("Except for threats to life and time limits of the law."), widget=TIME
    )
    quiet_until = forms.TimeField(
        label=_("Until"), help_text=_("Earlier than the beginning: over the night."), widget=TIME
    )

    def __init__(self, *args: Any, country: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        parts = subdivisions_of(country)
        if parts:
            whole = ("", _("The whole country"))
            self.fields["subdivision"].choices = [whole, *parts]  # type: ignore[attr-defined]  # a choice field
        else:
            del self.fields["subdivision"]

    @classmethod
    def initial_of(cls, house: Organisation) -> dict[str, Any]:
        row = getattr(house, "calendar", None) or Calendar()
        return {name: getattr(row, name) for name in cls.base_fields}

    def clean(self) -> dict[str, Any]:
        words = super().clean() or {}
        opens, closes = words.get("opens"), words.get("closes")
        if opens and closes and opens >= closes:
            self.add_error("closes", _("Name a time after the opening."))
        return {"subdivision": "", **words}


class ClosedDayForm(forms.Form):
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))

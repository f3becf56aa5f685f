from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.statistics.dimensions import MONTH, Dimension, Scope, breakdowns
from apps.statistics.periods import Period, month_of

CUSTOM, THIS_YEAR = "custom", "year"
PERIODS = [
    ("3", _("Last 3 months")),
    ("6", _("Last 6 months")),
    ("12", _("Last 12 months")),
    (THIS_YEAR, _("This year")),
    (CUSTOM, _("Months of your choice")),
]
DEFAULTS = {"period": "12", "by": Dimension.CATEGORY.value}
EARLIEST = date(2000, 1, 1)


class MonthField(forms.DateField):
    """A whole month, `2026-03`, as its first day."""

    input_formats = ["%Y-%m"]
    widget = forms.DateInput(format="%Y-%m", attrs={"type": "month", "class": "input"})
    default_validators = [MinValueValidator(EARLIEST)]


class DashboardForm(forms.Form):
    """The period and the breakdown of the dashboard, from its address."""

    period = forms.ChoiceField(label=_("Period"), choices=PERIODS)
    first = MonthField(label=_("First month"), required=False)
    last = MonthField(label=_("Last month"), required=False)
    by = forms.ChoiceField(label=_("Broken down by"))

    def __init__(self, data: QueryDict, *, scope: Scope, now: datetime):
        super().__init__({**DEFAULTS, **data.dict()})
        self.this_month = month_of(now)
        offered = [Dimension(value) for value in breakdowns(scope) if value != MONTH]
        self.fields["by"].choices = [(one.value, one.label) for one in offered]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        if facts.get("period") == CUSTOM and not self.errors:
            facts["months"] = self._months_of_choice(facts["first"], facts["last"])
        return facts

    def _months_of_choice(self, first: date | None, last: date | None) -> Period:
        if first is None or last is None:
            raise ValidationError(_("Choose the first and the last month."))
        try:
            return Period.of(first, last)
        except ValueError as error:
            raise ValidationError(_("The last month must follow the first, within ten years.")) from error

    @property
    def asked(self) -> Period:
        """The months asked for; those of the last year where the question is no good."""
        choice = self.cleaned_data.get("period") if self.is_valid() else DEFAULTS["period"]
        if choice == CUSTOM:
            months: Period = self.cleaned_data["months"]
            return months
        if choice == THIS_YEAR:
            return Period.of(date(self.this_month.year, 1, 1), self.this_month)
        return Period.up_to(self.this_month, months=int(choice or DEFAULTS["period"]))

    @property
    def breakdown(self) -> str:
        return str(self.cleaned_data.get("by") or DEFAULTS["by"]) if self.is_valid() else DEFAULTS["by"]

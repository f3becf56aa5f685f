from datetime import datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AnnouncementForm(forms.Form):
    """By which day an answer will be there."""

    until = forms.DateField(
        error_messages={
            "required": _("Choose the day by which the answer will be there."),
            "invalid": _("Write the day as a date, such as 2026-12-21."),
        }
    )
    text = forms.CharField(
        required=False,
        max_length=500,
        error_messages={"max_length": _("The text is longer than 500 characters. Shorten it.")},
    )

    @property
    def problem(self) -> str:
        return "" if self.is_valid() else next(str(one) for errors in self.errors.values() for one in errors)

    @property
    def by_the_end_of(self) -> datetime:
        """The end of that day, where the person is."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["until"], time.max))

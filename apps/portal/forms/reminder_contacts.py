from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import ContactPurpose


class ReminderContactForm(forms.Form):
    """Somebody who is told when an organisation's own people do not answer."""

    purpose = forms.ChoiceField(label=_("For"))
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, receives: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        purposes = [ContactPurpose.BACKUP, ContactPurpose.SUPERVISOR] if receives else [ContactPurpose.SUPERVISOR]
        self.fields["purpose"].choices = [(one.value, one.label) for one in purposes]  # type: ignore[attr-defined]  # a choice field

from django import forms
from django.utils.translation import gettext_lazy as _

TEXT_LENGTH = 5000
JUSTIFICATION_LENGTH = 500


class WordsForm(forms.Form):
    """The words that go with an act; whether they are needed is the transition's rule, not the form's."""

    text = forms.CharField(required=False, max_length=TEXT_LENGTH)


class RevealForm(forms.Form):
    """Why somebody needs to see addresses that are hidden."""

    justification = forms.CharField(
        label=_("Why do you need to see the addresses?"),
        help_text=_("Your reason is kept in the audit log with your name and the time."),
        min_length=10,
        max_length=JUSTIFICATION_LENGTH,
    )

from django import forms
from django.utils.translation import gettext_lazy as _


class StatementExportForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "JSON as the Transparency Database takes it, or CSV with its fields as headings;"
            " up to 20 MB and 5,000 statements."
        ),
        widget=forms.FileInput(attrs={"accept": ".json,.csv,.tsv,.txt,application/json,text/csv"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose another one.")},
    )

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.referrals.intake.dates import DateFormat
from apps.referrals.intake.mapping import ColumnMapping
from apps.referrals.intake.rows import FIELDS
from apps.referrals.intake.tables import Table

LABELS = {
    "url": _("Address"),
    "external_id": _("Your own number"),
    "content_type": _("Kind of content"),
    "content_language": _("Language of the content"),
    "account": _("Account"),
    "published_on": _("Published on"),
    "note": _("Note"),
}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, up to 20 MB and 100,000 rows. Any separator; UTF-8 or UTF-16."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose another one.")},
    )


class ColumnsForm(forms.Form):
    """Which column of the file holds what; columns that are not chosen are left unread."""

    dates = forms.ChoiceField(
        label=_("Dates are written as"), choices=DateFormat, initial=DateFormat.ISO, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, table: Table, mapping: ColumnMapping, **kwargs: Any):
        super().__init__(*args, **kwargs)
        columns = [(str(place), header) for place, header in enumerate(table.headers)]
        for name in FIELDS:
            self.fields[name] = forms.ChoiceField(
                label=LABELS[name],
                required=name == "url",
                error_messages={"required": _("Choose the column that holds the addresses.")},
                choices=[("", _("Choose a column") if name == "url" else _("Not in the file")), *columns],
                initial=str(mapping.columns.get(name, "")),
            )
        self.fields["dates"].initial = mapping.dates.value
        self.order_fields([*FIELDS, "dates"])

    def mapping(self) -> ColumnMapping:
        """What was chosen; call it on a valid form."""
        chosen = {name: int(self.cleaned_data[name]) for name in FIELDS if self.cleaned_data[name]}
        return ColumnMapping(chosen, DateFormat(self.cleaned_data["dates"]))

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.portal.forms.uploads import UploadForm
from apps.referrals.intake.answers import FIELDS, AnswerColumns
from apps.referrals.intake.dates import DateFormat
from apps.referrals.intake.tables import Table

LABELS = {
    "item": _("Item"),
    "outcome": _("Outcome"),
    "refusal_reason": _("Reason for no action"),
    "forwarded_to": _("To whom it belongs"),
    "ground": _("Ground"),
    "legal_ground": _("Provision of law or clause of your terms"),
    "explanation": _("Explanation"),
    "acted_at": _("Time of the action"),
    "automated_detection": _("Found by automated means"),
    "automated_decision": _("Decided by automated means"),
    "territorial_scope": _("Countries in which access is disabled"),
    "restrictions": _("Restrictions"),
    "platform_reference": _("Your own reference"),
}
REQUIRED = {
    "item": _("Choose the column that holds the references of the items."),
    "outcome": _("Choose the column that holds the outcomes."),
}


class SheetForm(UploadForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("CSV, up to 20 MB and 10,000 rows. Rows without an outcome are passed over.")


class SheetColumnsForm(forms.Form):
    """Which column of a file of answers holds what; columns that are not chosen are left unread."""

    dates = forms.ChoiceField(
        label=_("Dates are written as"), choices=DateFormat, initial=DateFormat.ISO, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, table: Table, mapping: AnswerColumns, **kwargs: Any):
        super().__init__(*args, **kwargs)
        columns = [(str(place), header) for place, header in enumerate(table.headers)]
        for name in FIELDS:
            self.fields[name] = forms.ChoiceField(
                label=LABELS[name],
                required=name in REQUIRED,
                error_messages={
                    "required": REQUIRED.get(name, ""),
                    "invalid_choice": _("Choose one of the columns of the file."),
                },
                choices=[("", _("Choose a column") if name in REQUIRED else _("Not in the file")), *columns],
                initial=str(mapping.columns.get(name, "")),
            )
        self.fields["dates"].initial = mapping.dates.value
        self.order_fields([*FIELDS, "dates"])

    def mapping(self) -> AnswerColumns:
        """What was chosen; call it on a valid form."""
        chosen = {name: int(self.cleaned_data[name]) for name in FIELDS if self.cleaned_data[name]}
        return AnswerColumns(chosen, DateFormat(self.cleaned_data["dates"]))

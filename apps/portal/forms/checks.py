from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.portal.forms.filters import counterpart_field
from apps.verification.findings import Finding
from apps.verification.services.by_hand import LONGEST_NOTE


class CheckForm(forms.Form):
    """What somebody found who looked at an address."""

    finding = forms.ChoiceField(
        label=_("What did you find?"),
        choices=[
            (Finding.GONE.value, _("It is gone")),
            (Finding.STILL_THERE.value, _("It is still there")),
            (Finding.UNCLEAR.value, _("Unclear")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what you found.")},
    )
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Where from and how you looked. No content, please."),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    tell_platform = forms.BooleanField(label=_("The platform may read this"), required=False)

    def facts(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class RemovalFilters(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=253)

    def __init__(self, data: QueryDict, *, principal: Principal):
        super().__init__(data)
        self.fields["platform"] = counterpart_field(receives=principal.organisation.receives)
        self.is_valid()

    @property
    def wanted(self) -> dict[str, str]:
        facts = self.cleaned_data
        return {"search": facts.get("q", ""), "platform": facts.get("platform", "")}

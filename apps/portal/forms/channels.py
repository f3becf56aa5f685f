from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.delivery.vocabulary import ROUTABLE

PLACES = ("first", "second", "third")


class ChannelsForm(forms.Form):
    """Up to three channels in order; all empty is the usual order."""

    first = forms.ChoiceField(label=_("First"), required=False)
    second = forms.ChoiceField(label=_("If that fails"), required=False)
    third = forms.ChoiceField(label=_("If that fails too"), required=False)

    def __init__(self, data: QueryDict | None = None, *, channels: Sequence[str] = ()):
        super().__init__(data, initial=dict(zip(PLACES, channels, strict=False)))
        choices = [(channel.value, channel.label) for channel in ROUTABLE]
        for place in PLACES:
            self.fields[place].choices = [("", _("Nothing")), *choices]  # type: ignore[attr-defined]
        self.fields["first"].choices = [("", _("The usual order")), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = [self.cleaned_data.get(place, "") for place in PLACES]
        chosen = [one for one in given if one]
        if len(set(chosen)) != len(chosen):
            raise forms.ValidationError(_("A channel is named twice. Choose another one, or nothing."))
        if given[: len(chosen)] != chosen:
            raise forms.ValidationError(_("There is a gap in the order. Begin with “First”; leave out the last."))
        return self.cleaned_data

    def wanted(self) -> list[str]:
        return [self.cleaned_data[place] for place in PLACES if self.cleaned_data[place]]

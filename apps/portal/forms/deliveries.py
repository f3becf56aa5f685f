from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.delivery.vocabulary import Channel, Message

AT_MOST = 1000
SIDES = (("sent", _("From us")), ("received", _("To us")))


class DeliveryFilters(forms.Form):
    """What the list of messages can be narrowed by. Values that are no choice are passed over: no list fails."""

    q = forms.CharField(label=_("Reference"), required=False, max_length=24)
    side = forms.ChoiceField(label=_("Direction"), required=False, choices=[("", _("From us and to us")), *SIDES])
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[("", _("All channels")), *Channel.choices])
    message = forms.ChoiceField(label=_("Message"), required=False, choices=[("", _("All kinds")), *Message.choices])

    @property
    def wanted(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class ReplayForm:
    """Which to send again: those that were ticked, or all that match the filters of the list."""

    def __init__(self, data: QueryDict):
        self.everything = bool(data.get("everything"))
        self.parameters = QueryDict(data.get("filters", ""))
        self.ids = [found for one in data.getlist("delivery")[:AT_MOST] if (found := _read(one))]


def _read(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

from collections.abc import Collection
from datetime import timedelta
from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.delivery.vocabulary import Message

TO_PLATFORMS = frozenset(
    {
        Message.REFERRAL_SENT,
        Message.REFERRAL_WITHDRAWN,
        Message.REFERRAL_OVERDUE,
        Message.INFORMATION_PROVIDED,
        Message.REPLY_READ,
    }
)
TO_SENDERS = frozenset({Message.INFORMATION_REQUESTED, Message.REFERRAL_ANSWERED})
OVERLAPS = ((24, _("Both for 24 hours")), (168, _("Both for a week")), (0, _("The present key stops at once")))


class WebhookForm(forms.Form):
    """A new endpoint: where, what for, which messages."""

    url = forms.CharField(
        label=_("Address"),
        help_text=_("Of your system, with https. Port 443 or 8443."),
        max_length=500,
        strip=True,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
    )
    description = forms.CharField(
        label=_("Description"), help_text=_("Which system it is."), max_length=100, required=False
    )
    messages = forms.MultipleChoiceField(
        label=_("Messages it takes"),
        help_text=_("None ticked: all of them."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, by: Principal, chosen: Collection[str] = (), **kwargs: Any):
        """`chosen`: what the endpoint takes already, which stays on the list whoever chose it."""
        super().__init__(*args, **kwargs)
        others = (TO_SENDERS if by.organisation.receives else TO_PLATFORMS) - {*chosen}
        offered = [(one.value, one.label) for one in Message if one not in others]
        self.fields["messages"].choices = offered  # type: ignore[attr-defined]  # it is a choice field

    @classmethod
    def of(cls, endpoint: Any, data: Any, *, by: Principal) -> Self:
        """Filled in with what the endpoint is now."""
        said = {name: getattr(endpoint, name) for name in ("url", "description", "messages")}
        return cls(data, initial=said, chosen=endpoint.messages, by=by)


class RotationForm(forms.Form):
    overlap = forms.TypedChoiceField(
        label=_("Which keys sign"), coerce=int, choices=OVERLAPS, initial=24, widget=forms.RadioSelect
    )

    @property
    def wanted(self) -> timedelta:
        return timedelta(hours=self.cleaned_data["overlap"])

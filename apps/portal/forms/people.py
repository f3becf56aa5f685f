import zoneinfo
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.accounts.roles import roles_of
from apps.organisations.permissions import Permission

DAYS = ((30, _("30 days")), (90, _("90 days")), (365, _("One year")))


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, kind: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(kind)  # type: ignore[attr-defined]  # it is a choice field


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, kind: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(kind)  # type: ignore[attr-defined]  # it is a choice field


class TokenForm(forms.Form):
    """A new API token: what it is for, what it may do, how long it works."""

    name = forms.CharField(label=_("Name"), help_text=_("Which system uses it."), max_length=100)
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        help_text=_("Never more than you yourself may at the time of the request."),
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("It works for"), coerce=int, choices=DAYS, initial=90, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, by: Principal, **kwargs: Any):
        super().__init__(*args, **kwargs)
        held = [(p.value, p.label) for p in Permission if by.may(p)]
        self.fields["scopes"].choices = held  # type: ignore[attr-defined]  # it is a choice field

    def wanted(self, *, at: datetime) -> dict[str, Any]:
        """What the service takes; call it on a valid form."""
        words = self.cleaned_data
        return {
            "name": words["name"],
            "scopes": words["scopes"],
            "expires_at": at + timedelta(days=words["days"]),
        }


class AccountForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._choices("language", [("", _("As the browser asks for")), *settings.LANGUAGES])
        self._choices("time_zone", [("", _("The organisation's")), *((zone, zone) for zone in zones())])

    def _choices(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # they are all choice fields


def role_choices(kind: str) -> list[tuple[str, Any]]:
    return [(role.value, role.label) for role in roles_of(kind)]


@cache
def zones() -> tuple[str, ...]:
    """Zones named after places; the rest of the database's names are aliases."""
    return tuple(sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone and "Etc/" not in zone))

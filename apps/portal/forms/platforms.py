from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.services import Proposal
from apps.organisations.models import (
    INTERNAL_PURPOSES,
    ContactPurpose,
    PlatformProfile,
    PolicyKind,
    ServiceType,
    SizeClass,
)
from apps.organisations.models.organisation import Organisation
from apps.organisations.obligations import SMALL
from apps.portal.forms.people import zones
from apps.taxonomy.languages import OFFICIAL_LANGUAGES
from apps.taxonomy.territories import MEMBER_STATES, Country

LISTED = [one for one in ContactPurpose.choices if one[0] not in INTERNAL_PURPOSES]
UNKNOWN = ("", _("Not known"))
DATE = forms.DateInput(attrs={"type": "date"})


def countries() -> list[tuple[Any, Any]]:
    """The Member States first."""
    inside = [(one.value, one.label) for one in sorted(MEMBER_STATES, key=lambda one: str(one.label))]
    outside = [(one.value, one.label) for one in Country if one not in MEMBER_STATES]
    return [("", _("Choose a country")), (_("European Union"), inside), (_("Elsewhere"), outside)]


def official_languages() -> list[tuple[str, Any]]:
    return [(one.value, one.label) for one in sorted(OFFICIAL_LANGUAGES, key=lambda one: str(one.label))]


class ProposalForm(forms.Form):
    """A platform that has never heard of us: what a sender can know."""

    name = forms.CharField(label=_("Name"), help_text=_("As its users know it."), max_length=200)
    hosts = forms.CharField(
        label=_("Host names"),
        help_text=_("One per line. Everything below a host name belongs to it. A pasted address will do."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "mono", "spellcheck": "false", "autocomplete": "off"}),
        max_length=4000,
    )
    country = forms.ChoiceField(label=_("Country"), help_text=_("Where the provider is established."))
    contact = forms.EmailField(
        label=_("Contact address"),
        help_text=_("Best one on the platform's own domain: only such an address can confirm the entry."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    service_type = forms.ChoiceField(
        label=_("Kind of service"), choices=[UNKNOWN, *ServiceType.choices], required=False
    )
    size_class = forms.ChoiceField(
        label=_("Size"),
        help_text=_("Not known: no exemption for small providers is presumed."),
        choices=[UNKNOWN, *(one for one in SizeClass.choices if one[0] != SizeClass.VLOP)],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = countries()  # type: ignore[attr-defined]  # it is a choice field

    there = ""  # the slug of the platform that a refused form would have made again

    def proposal(self) -> Proposal:
        """What the service takes; call it on a valid form."""
        words = self.cleaned_data
        hosts = [line for line in words["hosts"].split() if line]
        return Proposal(**{**words, "hosts": hosts})


class ProfileForm(forms.Form):
    """What a platform says of itself."""

    service_type = forms.ChoiceField(label=_("Kind of service"), choices=ServiceType)
    size_class = forms.ChoiceField(label=_("Size"), choices=SizeClass)
    size_since = forms.DateField(label=_("This size since"), required=False, widget=DATE)
    size_lost_on = forms.DateField(
        label=_("Micro or small until"),
        help_text=_("If you have outgrown that size: the exemptions go on for twelve months."),
        required=False,
        widget=DATE,
    )
    designated_on = forms.DateField(
        label=_("Designated on"), help_text=_("Very large services only."), required=False, widget=DATE
    )
    recipients_eu = forms.IntegerField(
        label=_("Monthly active recipients in the Union"), required=False, min_value=0, max_value=10**10
    )
    recipients_counted_on = forms.DateField(label=_("Counted on"), required=False, widget=DATE)
    spreads_to_the_public = forms.BooleanField(
        label=_("Users can make content available to the public"), required=False
    )
    languages = forms.MultipleChoiceField(label=_("Languages you answer in"), widget=forms.CheckboxSelectMultiple)
    time_zone = forms.ChoiceField(label=_("Time zone"))
    representative_name = forms.CharField(label=_("Name"), required=False, max_length=200)
    representative_address = forms.CharField(label=_("Postal address"), required=False, max_length=300)
    representative_email = forms.EmailField(label=_("E-mail address"), required=False)
    representative_phone = forms.CharField(label=_("Telephone"), required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["languages"].choices = official_languages()  # type: ignore[attr-defined]  # choice fields
        self.fields["time_zone"].choices = [(zone, zone) for zone in zones()]  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, platform: Organisation, profile: PlatformProfile | None) -> dict[str, Any]:
        own = {"languages": platform.languages, "time_zone": platform.time_zone}
        return own | {name: getattr(profile, name) for name in cls.base_fields if profile and hasattr(profile, name)}

    def clean(self) -> dict[str, Any]:
        words = super().clean() or {}
        size, lost = words.get("size_class"), words.get("size_lost_on")
        if lost and (size in SMALL or size == SizeClass.VLOP):
            self.add_error("size_lost_on", _("Only a medium or large provider has stopped being micro or small."))
        if words.get("designated_on") and size != SizeClass.VLOP:
            self.add_error("designated_on", _("Choose “Very large (designated)” as the size, or leave this empty."))
        return words


class ContactForm(forms.Form):
    """A contact point in the directory."""

    purpose = forms.ChoiceField(label=_("For"), choices=LISTED)
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=40)
    hours = forms.CharField(
        label=_("Hours"), help_text=_("E.g. Monday to Friday, 09:00 to 17:00."), required=False, max_length=120
    )
    time_zone = forms.ChoiceField(label=_("Time zone of the hours"), required=False)
    languages = forms.MultipleChoiceField(label=_("Languages it reads"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["languages"].choices = official_languages()  # type: ignore[attr-defined]  # choice fields
        own = [("", _("The platform's")), *((zone, zone) for zone in zones())]
        self.fields["time_zone"].choices = own  # type: ignore[attr-defined]  # a choice field


class PolicyForm(forms.Form):
    """Where a policy is published from now on."""

    kind = forms.ChoiceField(label=_("Policy"), choices=PolicyKind)
    url = forms.URLField(
        label=_("Address"),
        help_text=_("Empty: it is published no more. What you said before stays in the history."),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    note = forms.CharField(label=_("What has changed"), required=False, max_length=200)

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if url and not url.startswith("https://"):
            raise forms.ValidationError(_("Give an address that begins with https://."))
        return url


class ClaimForm(forms.Form):
    """Who takes the entry of a platform over."""

    email = forms.EmailField(
        label=_("Your work address"),
        help_text=_("On the platform's own domain. The first administrator's account is made for it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

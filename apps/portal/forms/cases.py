"""What holds for all addresses of a filing; the rules are the service's, its sentences come back to the fields."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.core.errors import DomainError
from apps.organisations.models import Capability
from apps.portal.forms.choices import categories, keywords_of, languages, urgencies
from apps.referrals.instruments import RULES
from apps.referrals.services import Filing, permitted_instruments
from apps.taxonomy.areas import PROPOSALS, WITHOUT_MATERIAL, Area
from apps.taxonomy.categories import Category
from apps.taxonomy.sharing import Pap, Tlp
from apps.taxonomy.urgency import Urgency

CLASSIFICATION = ("category", "keywords")


class FilingForm(forms.Form):
    """The envelope of a filing, without its addresses."""

    instrument = forms.ChoiceField(
        label=_("Instrument"), widget=forms.RadioSelect, error_messages={"required": _("Choose an instrument.")}
    )
    area = forms.ChoiceField(label=_("Area"), error_messages={"required": _("Choose an area.")})
    category = forms.ChoiceField(
        label=_("Category"),
        help_text=_("As in the DSA Transparency Database."),
        error_messages={"required": _("Choose a category.")},
    )
    keywords = forms.MultipleChoiceField(label=_("Keywords"), required=False, widget=forms.CheckboxSelectMultiple)
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        help_text=_("How soon an answer is hoped for: a target, not a time limit of the law."),
        widget=forms.RadioSelect,
        initial=Urgency.STANDARD,
    )
    reasons = forms.CharField(
        label=_("Reasons"),
        help_text=_("Why this content is illegal or against the platform's terms. The platforms read this."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        error_messages={"required": _("Say why, in words the platform can check.")},
    )
    language = forms.ChoiceField(label=_("Language of the reasons"))
    legal_basis = forms.CharField(label=_("Legal basis"), required=False, max_length=500)
    tlp = forms.ChoiceField(label=_("Who may know"), choices=Tlp, initial=Tlp.AMBER)
    pap = forms.ChoiceField(label=_("What may be done"), choices=Pap, initial=Pap.AMBER)
    good_faith = forms.BooleanField(
        label=_("I confirm in good faith that the notice is accurate and complete (DSA Art 16(2)(d))."), required=False
    )
    title = forms.CharField(
        label=_("Title"), help_text=_("For your organisation alone."), required=False, max_length=200
    )
    note = forms.CharField(
        label=_("Internal note"),
        help_text=_("For your organisation alone."),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    external_id = forms.CharField(
        label=_("Your own number"), help_text=_("Used once only."), required=False, max_length=100
    )

    def __init__(self, *args: Any, by: Principal, **kwargs: Any):
        super().__init__(*args, **kwargs)
        instruments = permitted_instruments(by)
        self._choices("instrument", [(one.value, one.label) for one in instruments])
        self._choices("area", [("", _("Choose an area")), *areas_of(by)])
        self._choices("category", [("", _("Choose a category")), *categories()])
        self._choices("urgency", urgencies())
        self._choices("language", languages())
        self._choices("keywords", keywords_of(str(self["category"].value() or "")))
        self.fields["instrument"].initial = instruments[0].value if instruments else ""
        self.fields["language"].initial = "en"
        if not any(RULES[one].needs_good_faith for one in instruments):
            del self.fields["good_faith"]

    def filing(self) -> Filing:
        """The service's own words for what was entered; call it on a valid form."""
        return Filing(**{name: self.cleaned_data[name] for name in FilingForm.base_fields if name in self.fields})

    def refuse(self, problem: DomainError) -> None:
        """Put a refusal where it belongs: at the fields it names, else at the form as a whole."""
        errors = problem.facts.get("errors", {})
        for field, sentences in errors.items():
            self.add_error(field if field in self.fields else None, list(sentences))
        if not errors:
            self.add_error(None, str(problem))

    def _choices(self, name: str, choices: Sequence[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # they are all choice fields


class CaseForm(FilingForm):
    """A filing with its addresses in the paste box."""

    addresses = forms.CharField(
        label=_("Addresses"),
        help_text=_("One per line, or the whole text of a mail. A remark may follow behind an address."),
        widget=forms.Textarea(attrs={"rows": 8, "class": "mono", "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": _("Paste at least one address.")},
    )


class CaseEditForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200, error_messages={"required": _("Give the case a title.")})
    note = forms.CharField(
        label=_("Internal note"),
        help_text=_("For your organisation alone; no platform sees it."),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def areas_of(by: Principal) -> list[tuple[str, Any]]:
    """The areas this person's organisation may file in."""
    mandated = by.organisation.can(Capability.HANDLE_CSAM)
    return [(area.value, area.label) for area in Area if mandated or area not in WITHOUT_MATERIAL]


def proposal(area: str) -> dict[str, Any]:
    """The category and keywords usual in an area."""
    found = PROPOSALS.get(Area(area)) if area in Area.values else None
    category = found.category if found else None
    return {
        "category": category.value if isinstance(category, Category) else "",
        "keywords": [keyword.value for keyword in found.keywords] if found else [],
    }


def kept(data: QueryDict, form: type[FilingForm]) -> dict[str, Any]:
    """What was entered so far, to be shown again without judging it."""
    lists = {"keywords": data.getlist("keywords")}
    return {name: lists.get(name, data.get(name, "")) for name in form.base_fields if name in data} | lists

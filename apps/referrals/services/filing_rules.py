"""What a filing must say before any of its rows is looked at: who may issue what, and the fields of each instrument."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.core.errors import Conflict, Refused
from apps.organisations.models import Capability
from apps.referrals.instruments import RULES, Instrument
from apps.taxonomy.areas import WITHOUT_MATERIAL, Area
from apps.taxonomy.categories import Category
from apps.taxonomy.keywords import KEYWORDS, Keyword
from apps.taxonomy.languages import Language
from apps.taxonomy.sharing import Pap, Tlp
from apps.taxonomy.urgency import Urgency

LENGTHS = {"legal_basis": 500, "reasons": 5000, "title": 200, "note": 10_000, "external_id": 100}
KNOWN = {
    "instrument": frozenset(Instrument.values),
    "area": frozenset(Area.values),
    "category": frozenset(Category.values),
    "urgency": frozenset(Urgency.values),
    "language": frozenset(Language.values),
    "tlp": frozenset(Tlp.values),
    "pap": frozenset(Pap.values),
}
Errors = dict[str, list[str | Promise]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What holds for all rows of a filing. Codes are the taxonomy's; `language` is that of the reasons."""

    instrument: str
    area: str
    category: str
    keywords: Sequence[str] = ()
    legal_basis: str = ""
    reasons: str = ""
    language: str = "en"
    urgency: str = Urgency.STANDARD.value
    tlp: str = Tlp.AMBER.value
    pap: str = Pap.AMBER.value
    good_faith: bool = False
    title: str = ""
    note: str = ""
    external_id: str = ""


class FilingInvalid(Refused):
    """`facts["errors"]` maps each field to its sentences."""

    code = "filing_invalid"
    message = _("Some fields of the filing are missing or wrong; see `errors`. Nothing was filed.")


class InstrumentNotPermitted(Refused):
    code = "instrument_not_permitted"
    message = _("Your organisation may not issue this instrument. Choose one that it is entitled to.")


class NothingToFile(Refused):
    code = "nothing_to_file"
    message = _("None of the rows could be filed; each says why. Mend them and send them again.")


class ExternalIdTaken(Conflict):
    code = "external_id_taken"
    message = _("This external identifier has been used already. Open what it names, or use another one.")


def check(filing: Filing, *, by: Principal, at: datetime) -> None:
    """Refuse a filing that the instrument, the organisation or the vocabularies do not allow."""
    errors = _unknown_codes(filing)
    if not errors:
        _check_entitlement(filing, by)
        errors = _missing(filing)
    if errors:
        raise FilingInvalid(errors=errors)


def permitted_instruments(principal: Principal) -> Sequence[Instrument]:
    """What this person's organisation may file here."""
    return [i for i, rule in RULES.items() if rule.fileable and principal.organisation.can(rule.capability)]


def _check_entitlement(filing: Filing, by: Principal) -> None:
    rule = RULES[Instrument(filing.instrument)]
    if not rule.fileable or not by.organisation.can(rule.capability):
        raise InstrumentNotPermitted
    if filing.area in WITHOUT_MATERIAL and not by.organisation.can(Capability.HANDLE_CSAM):
        raise FilingInvalid(errors={"area": [_("Your organisation has no mandate for this area.")]})


def _unknown_codes(filing: Filing) -> Errors:
    errors: Errors = {
        field: [_("This code is not on the list. Use one of the official codes.")]
        for field, values in KNOWN.items()
        if getattr(filing, field) not in values
    }
    if not errors and not set(filing.keywords) <= set(KEYWORDS.get(Category(filing.category), ())) | {Keyword.OTHER}:
        errors["keywords"] = [_("A keyword does not belong to this category. Choose among the category's own.")]
    for field, longest in LENGTHS.items():
        if len(getattr(filing, field)) > longest:
            errors[field] = [_("This text is too long. Shorten it to %(count)d characters.") % {"count": longest}]
    return errors


def _missing(filing: Filing) -> Errors:
    errors: Errors = {}
    if not filing.reasons.strip():
        errors["reasons"] = [_("Give the reasons: why this content is illegal or against the provider's terms.")]
    if RULES[Instrument(filing.instrument)].needs_good_faith and not filing.good_faith:
        errors["good_faith"] = [_("Confirm that the notice is accurate and complete (DSA Art 16(2)(d)).")]
    return errors

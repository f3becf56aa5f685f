"""A second reading of domain.md 4.4 to 4.6, shares nothing with the product: what a statement of reasons must hold.

Codes are written out here as the official documentation has them, so that a slip in the product's lists shows.
"""

import json
import re
from datetime import date
from typing import Any


def listed(words: str) -> set[str]:
    return set(words.split())


VISIBILITY = {"CONTENT_REMOVED", "CONTENT_DISABLED", "CONTENT_DEMOTED", "CONTENT_AGE_RESTRICTED"}
VISIBILITY |= {"CONTENT_INTERACTION_RESTRICTED", "CONTENT_LABELLED", "OTHER"}
CONTENT = {"APP", "AUDIO", "IMAGE", "PRODUCT", "SYNTHETIC_MEDIA", "TEXT", "VIDEO", "OTHER"}
EEA = listed("""AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK IS LI NO""")
CATEGORIES = listed(
    """ANIMAL_WELFARE CONSUMER_INFORMATION CYBER_VIOLENCE CYBER_VIOLENCE_AGAINST_WOMEN
    DATA_PROTECTION_AND_PRIVACY_VIOLATIONS ILLEGAL_OR_HARMFUL_SPEECH INTELLECTUAL_PROPERTY_INFRINGEMENTS
    NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS PROTECTION_OF_MINORS RISK_FOR_PUBLIC_SECURITY SCAMS_AND_FRAUD
    SELF_HARM UNSAFE_AND_PROHIBITED_PRODUCTS VIOLENCE OTHER_VIOLATION_TC NOT_SPECIFIED_NOTICE"""
)
KEYWORDS = listed(
    """ANIMAL_HARM UNLAWFUL_SALE_ANIMALS HIDDEN_ADVERTISEMENT INSUFFICIENT_INFORMATION_ON_TRADERS
    MISLEADING_INFO_GOODS_SERVICES MISLEADING_INFO_CONSUMER_RIGHTS NONCOMPLIANCE_PRICING CYBER_BULLYING_INTIMIDATION
    CYBER_HARASSMENT CYBER_INCITEMENT CYBER_STALKING NON_CONSENSUAL_IMAGE_SHARING NON_CONSENSUAL_MATERIAL_DEEPFAKE
    BULLYING_AGAINST_GIRLS CYBER_HARASSMENT_AGAINST_WOMEN CYBER_STALKING_AGAINST_WOMEN
    FEMALE_GENDERED_DISINFORMATION INCITEMENT_AGAINST_WOMEN NON_CONSENSUAL_IMAGE_SHARING_AGAINST_WOMEN
    NON_CONSENSUAL_MATERIAL_DEEPFAKE_AGAINST_WOMEN BIOMETRIC_DATA_BREACH DATA_FALSIFICATION
    MISSING_PROCESSING_GROUND RIGHT_TO_BE_FORGOTTEN DEFAMATION DISCRIMINATION HATE_SPEECH COPYRIGHT_INFRINGEMENT
    DESIGN_INFRINGEMENT GEOGRAPHIC_INDICATIONS_INFRINGEMENT PATENT_INFRINGEMENT TRADE_SECRET_INFRINGEMENT
    TRADEMARK_INFRINGEMENT MISINFORMATION_DISINFORMATION VIOLATION_EU_LAW VIOLATION_NATIONAL_LAW
    AGE_SPECIFIC_RESTRICTIONS_MINORS CHILD_SEXUAL_ABUSE_MATERIAL CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE
    GROOMING_SEXUAL_ENTICEMENT_MINORS UNSAFE_CHALLENGES ILLEGAL_ORGANIZATIONS RISK_ENVIRONMENTAL_DAMAGE
    RISK_PUBLIC_HEALTH TERRORIST_CONTENT IMPERSONATION_ACCOUNT_HIJACKING INAUTHENTIC_ACCOUNTS INAUTHENTIC_LISTINGS
    INAUTHENTIC_USER_REVIEWS PHISHING PYRAMID_SCHEMES CONTENT_PROMOTING_EATING_DISORDERS SELF_MUTILATION SUICIDE
    PROHIBITED_PRODUCTS UNSAFE_PRODUCTS COORDINATED_HARM INCITEMENT_VIOLENCE_HATRED HUMAN_EXPLOITATION
    HUMAN_TRAFFICKING TRAFFICKING_WOMEN_GIRLS ADULT_SEXUAL_MATERIAL AGE_SPECIFIC_RESTRICTIONS
    GEOGRAPHICAL_REQUIREMENTS GOODS_SERVICES_NOT_PERMITTED LANGUAGE_REQUIREMENTS NUDITY STALKING OTHER"""
)
ONE_OF = {
    "decision_monetary": {"DECISION_MONETARY_" + one for one in ("SUSPENSION", "TERMINATION", "OTHER")},
    "decision_provision": {
        f"DECISION_PROVISION_{how}_{what}" for how in ("PARTIAL", "TOTAL") for what in ("SUSPENSION", "TERMINATION")
    },
    "decision_account": {"DECISION_ACCOUNT_SUSPENDED", "DECISION_ACCOUNT_TERMINATED"},
    "account_type": {"ACCOUNT_TYPE_BUSINESS", "ACCOUNT_TYPE_PRIVATE"},
    "decision_ground": {"DECISION_GROUND_ILLEGAL_CONTENT", "DECISION_GROUND_INCOMPATIBLE_CONTENT"},
    "incompatible_content_illegal": {"Yes", "No"},
    "category": {"STATEMENT_CATEGORY_" + one for one in CATEGORIES},
    "source_type": {
        "SOURCE_ARTICLE_16",
        "SOURCE_TRUSTED_FLAGGER",
        "SOURCE_TYPE_OTHER_NOTIFICATION",
        "SOURCE_VOLUNTARY",
    },
    "automated_detection": {"Yes", "No"},
    "automated_decision": {"AUTOMATED_DECISION_" + one for one in ("FULLY", "PARTIALLY", "NOT_AUTOMATED")},
}
MANY_OF = {
    "decision_visibility": {"DECISION_VISIBILITY_" + one for one in VISIBILITY},
    "content_type": {"CONTENT_TYPE_" + one for one in CONTENT},
    "category_addition": {"STATEMENT_CATEGORY_" + one for one in CATEGORIES},
    "category_specification": {"KEYWORD_" + one for one in KEYWORDS},
    "territorial_scope": EEA,
}
LENGTHS = {
    "decision_visibility_other": 500,
    "decision_monetary_other": 500,
    "decision_ground_reference_url": 500,
    "illegal_content_legal_ground": 500,
    "illegal_content_explanation": 2000,
    "incompatible_content_ground": 500,
    "incompatible_content_explanation": 2000,
    "content_type_other": 500,
    "category_specification_other": 500,
    "decision_facts": 5000,
    "source_identity": 500,
    "puid": 500,
}
ENDS = {f"end_date_{one}_restriction" for one in ("visibility", "monetary", "service", "account")}
MUST = listed(
    """decision_ground content_type category content_date application_date decision_facts source_type
    automated_detection automated_decision puid"""
)
FIRST_DAYS = {"content_date": "2000-01-01", "application_date": "2020-01-01"}
FORMS = {
    "puid": "[a-zA-Z0-9-_]+",
    "content_language": "[A-Z]{2}",
    "decision_ground_reference_url": "https?://[^ ]+",
}
KNOWN = {*ONE_OF, *MANY_OF, *LENGTHS, *ENDS, *MUST, "content_language", "content_id"}


def faults(statement: dict[str, Any]) -> list[str]:
    """What is wrong with a statement as it would go out on the wire; empty where nothing is."""
    sent = json.loads(json.dumps(statement))
    there = {name: value for name, value in sent.items() if value not in (None, "", [])}
    wrong = [f"{name}?" for name in there.keys() - KNOWN]
    wrong += [f"{name} is missing" for name in MUST if name not in there]
    wrong += [f"{name}: {there[name]}" for name, codes in ONE_OF.items() if name in there and there[name] not in codes]
    for name, codes in MANY_OF.items():
        given = there.get(name, [])
        if not isinstance(given, list) or set(given) - codes or len(set(given)) != len(given):
            wrong.append(f"{name}: {given}")
    for name, longest in LENGTHS.items():
        text = there.get(name, "")
        if not isinstance(text, str) or len(text) > longest or (name in there and not text.strip()):
            wrong.append(f"{name} is no text of at most {longest}")
    return wrong + conditions(there) + forms(there)


def conditions(there: dict[str, Any]) -> list[str]:
    wrong = []
    if not there.keys() & {"decision_visibility", "decision_monetary", "decision_provision", "decision_account"}:
        wrong.append("no decision")
    ground = there.get("decision_ground", "")
    both_ways = {
        "decision_visibility_other": "DECISION_VISIBILITY_OTHER" in there.get("decision_visibility", []),
        "decision_monetary_other": there.get("decision_monetary") == "DECISION_MONETARY_OTHER",
        "content_type_other": "CONTENT_TYPE_OTHER" in there.get("content_type", []),
        "illegal_content_legal_ground": ground.endswith("ILLEGAL_CONTENT"),
        "illegal_content_explanation": ground.endswith("ILLEGAL_CONTENT"),
        "incompatible_content_ground": ground.endswith("INCOMPATIBLE_CONTENT"),
        "incompatible_content_explanation": ground.endswith("INCOMPATIBLE_CONTENT"),
    }
    wrong += [f"{name}: there or not" for name, applies in both_ways.items() if (name in there) != applies]
    if "incompatible_content_illegal" in there and not ground.endswith("INCOMPATIBLE_CONTENT"):
        wrong.append("incompatible_content_illegal without its ground")
    if "category_specification_other" in there and "KEYWORD_OTHER" not in there.get("category_specification", []):
        wrong.append("category_specification_other without its keyword")
    if "source_identity" in there and there.get("source_type") == "SOURCE_VOLUNTARY":
        wrong.append("a voluntary source has no identity")
    return wrong


def forms(there: dict[str, Any]) -> list[str]:
    wrong = [f"{name}: {there[name]}" for name in [*ENDS, *FIRST_DAYS] if name in there and not is_day(there[name])]
    for name, first in FIRST_DAYS.items():
        if not first <= there.get(name, "") <= "2038-01-01":
            wrong.append(f"{name} out of range")
    for name, form in FORMS.items():
        if name in there and not re.fullmatch(form, there[name]):
            wrong.append(f"{name}: {there[name]}")
    number = there.get("content_id")
    if number is not None and not (list(number) == ["EAN-13"] and re.fullmatch("[0-9]{13}", number["EAN-13"])):
        wrong.append(f"content_id: {number}")
    return wrong


def is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) and date.fromisoformat(text))
    except (TypeError, ValueError):
        return False

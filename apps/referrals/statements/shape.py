"""A statement of reasons as the Transparency Database's API has it (schema v2, since 1 July 2025): its fields as data.

What holds for one field by itself stands in `FIELDS`; what one field asks of another in `NEEDED_WITH` and
`ALLOWED_WITH`. `rules` reads these tables, and so does the OpenAPI document. Source: domain.md 4.4 to 4.7.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from types import MappingProxyType

from apps.taxonomy.categories import ONLY_ORDERS, Category
from apps.taxonomy.keywords import Keyword
from apps.taxonomy.languages import Language
from apps.taxonomy.outcomes import Restriction
from apps.taxonomy.restrictions import (
    AccountRestriction,
    MonetaryRestriction,
    ProvisionRestriction,
    VisibilityRestriction,
)
from apps.taxonomy.statements import AccountType, AutomatedDecision, ContentType, DecisionGround, SourceType
from apps.taxonomy.territories import EEA
from apps.taxonomy.variants import statement_country, statement_language

SCHEMA_VERSION = "2"
MOST_STATEMENTS = 100  # in one call of the database, and so in one file
YES, NO = "Yes", "No"
EAN_13 = "EAN-13"
EARLIEST_CONTENT, EARLIEST_APPLICATION, LATEST = date(2000, 1, 1), date(2020, 1, 1), date(2038, 1, 1)


class Kind(Enum):
    TEXT = auto()
    URL = auto()
    CODE = auto()
    CODES = auto()
    DAY = auto()
    PUID = auto()
    CONTENT_ID = auto()
    ANYTHING = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What one field may hold. A field that is null, an empty text or an empty list counts as left out."""

    kind: Kind
    required: bool = False
    longest: int = 500
    codes: frozenset[str] = frozenset()
    earliest: date = date.min
    latest: date = date.max


def _codes(*vocabulary: str) -> frozenset[str]:
    return frozenset(str(code) for code in vocabulary)


def _code(*codes: str, required: bool = False) -> Field:
    return Field(kind=Kind.CODE, codes=_codes(*codes), required=required)


def _list(*codes: str, required: bool = False) -> Field:
    return Field(kind=Kind.CODES, codes=_codes(*codes), required=required)


def _text(longest: int = 500, *, required: bool = False) -> Field:
    return Field(kind=Kind.TEXT, longest=longest, required=required)


def _day(earliest: date = date.min, *, required: bool = False) -> Field:
    return Field(kind=Kind.DAY, earliest=earliest, latest=LATEST if required else date.max, required=required)


CATEGORIES = tuple(category for category in Category if category not in ONLY_ORDERS)

FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        "decision_visibility": _list(*VisibilityRestriction),
        "decision_visibility_other": _text(),
        "decision_monetary": _code(*MonetaryRestriction),
        "decision_monetary_other": _text(),
        "decision_provision": _code(*ProvisionRestriction),
        "decision_account": _code(*AccountRestriction),
        "account_type": _code(*AccountType),
        "decision_ground": _code(*DecisionGround, required=True),
        "decision_ground_reference_url": Field(kind=Kind.URL),
        "illegal_content_legal_ground": _text(),
        "illegal_content_explanation": _text(2000),
        "incompatible_content_ground": _text(),
        "incompatible_content_explanation": _text(2000),
        "incompatible_content_illegal": _code(YES, NO),
        "content_type": _list(*ContentType, required=True),
        "content_type_other": _text(),
        "category": _code(*CATEGORIES, required=True),
        "category_addition": _list(*CATEGORIES),
        "category_specification": _list(*Keyword),
        "category_specification_other": _text(),
        "territorial_scope": _list(*map(statement_country, EEA)),
        "content_language": _code(*map(statement_language, Language)),
        "content_date": _day(EARLIEST_CONTENT, required=True),
        "application_date": _day(EARLIEST_APPLICATION, required=True),
        "end_date_visibility_restriction": _day(),
        "end_date_monetary_restriction": _day(),
        "end_date_service_restriction": _day(),
        "end_date_account_restriction": _day(),
        "decision_facts": _text(5000, required=True),
        "source_type": _code(*SourceType, required=True),
        "source_identity": _text(),
        "automated_detection": _code(YES, NO, required=True),
        "automated_decision": _code(*AutomatedDecision, required=True),
        "puid": Field(kind=Kind.PUID, required=True),
        "content_id": Field(kind=Kind.CONTENT_ID),
        # What the database itself adds when it is asked for a statement; kept as it came.
        "platform_name": Field(kind=Kind.ANYTHING),
        "permalink": Field(kind=Kind.ANYTHING),
        "uuid": Field(kind=Kind.ANYTHING),
    }
)
REQUIRED = tuple(name for name, field in FIELDS.items() if field.required)
DECISIONS = ("decision_visibility", "decision_monetary", "decision_provision", "decision_account")

# Required with a code of another field, and out of place without it.
NEEDED_WITH: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "decision_visibility_other": ("decision_visibility", VisibilityRestriction.OTHER.value),
        "decision_monetary_other": ("decision_monetary", MonetaryRestriction.OTHER.value),
        "illegal_content_legal_ground": ("decision_ground", DecisionGround.ILLEGAL_CONTENT.value),
        "illegal_content_explanation": ("decision_ground", DecisionGround.ILLEGAL_CONTENT.value),
        "incompatible_content_ground": ("decision_ground", DecisionGround.INCOMPATIBLE_CONTENT.value),
        "incompatible_content_explanation": ("decision_ground", DecisionGround.INCOMPATIBLE_CONTENT.value),
        "content_type_other": ("content_type", ContentType.OTHER.value),
    }
)
# May be left out, and out of place without the code.
ALLOWED_WITH: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "incompatible_content_illegal": ("decision_ground", DecisionGround.INCOMPATIBLE_CONTENT.value),
        "category_specification_other": ("category_specification", Keyword.OTHER.value),
    }
)

# Which field of a statement a restriction stands in, and which says when it ends.
DECISION_FIELD: Mapping[type[Restriction], tuple[str, str]] = MappingProxyType(
    {
        VisibilityRestriction: ("decision_visibility", "end_date_visibility_restriction"),
        MonetaryRestriction: ("decision_monetary", "end_date_monetary_restriction"),
        ProvisionRestriction: ("decision_provision", "end_date_service_restriction"),
        AccountRestriction: ("decision_account", "end_date_account_restriction"),
    }
)

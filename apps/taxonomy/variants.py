"""Our codes as the Transparency Database (`statement_…`) and the Implementing Regulation's files (`report_…`) do.

Stored: languages lower case, Greece as `GR`, every keyword of both, shares as fractions, durations as whole seconds.
"""

from decimal import ROUND_HALF_UP, Decimal

from apps.taxonomy.categories import Category
from apps.taxonomy.keywords import KEYWORDS, Keyword
from apps.taxonomy.languages import Language
from apps.taxonomy.territories import Country

_LANGUAGES, _COUNTRIES = frozenset(Language.values), frozenset(Country.values)
_CENT = Decimal("0.01")
_OLD_LANGUAGE_CODES = {"iw": Language.HE, "in": Language.ID, "ji": Language.YI}  # withdrawn from ISO 639 in 1989


class NotInVocabulary(ValueError):
    """The target has no word for this; the row must be left out, not bent."""


def statement_category(category: Category) -> str:
    """Orders under Art 9 are no statements of reasons (DSA Art 17(5)), so the database lacks their category."""
    if category is Category.NOT_SPECIFIED_ORDER:
        raise NotInVocabulary(category.value)
    return category.value


def statement_language(language: Language) -> str:
    return language.value.upper()


def statement_country(country: Country) -> str:
    return country.value


def report_keyword(keyword: Keyword) -> Keyword:
    return Keyword.CYBER_STALKING if keyword is Keyword.STALKING else keyword


def report_keywords(category: Category) -> tuple[Keyword, ...]:
    return tuple(keyword for keyword in KEYWORDS[category] if report_keyword(keyword) is keyword)


def report_language(language: Language) -> str:
    return language.value


def report_country(country: Country) -> str:
    """Eurostat's glossary writes Greece `EL`."""
    return "EL" if country is Country.GR else country.value


def report_share(numerator: int, denominator: int) -> Decimal | None:
    """A fraction between 0 and 1 with four decimals; None (blank: not applicable) where there is no denominator."""
    if not denominator:
        return None
    return (Decimal(numerator) / Decimal(denominator)).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def report_hours(seconds: int | None) -> Decimal | None:
    """Medians are hours with two decimals; None stays blank, which is not the same as 0."""
    if seconds is None:
        return None
    return (Decimal(seconds) / 3600).quantize(_CENT, ROUND_HALF_UP)


def read_language(text: str) -> Language | None:
    """A code as others write it: `EN`, `de-AT`, `iw`. None where it is no language of ISO 639-1."""
    code = text.strip().lower().replace("_", "-").partition("-")[0]
    if code in _OLD_LANGUAGE_CODES:
        return _OLD_LANGUAGE_CODES[code]
    return Language(code) if code in _LANGUAGES else None


def read_country(text: str) -> Country | None:
    """A code as others write it: `EL`, `gr`, `UK`. None where it is no country of ISO 3166-1."""
    code = text.strip().upper()
    code = {"EL": "GR", "UK": "GB"}.get(code, code)
    return Country(code) if code in _COUNTRIES else None

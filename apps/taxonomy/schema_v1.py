"""Codes of the Transparency Database before 1 July 2025 (schema v1), read as today's where one follows from another."""

from collections.abc import Mapping
from types import MappingProxyType

from apps.taxonomy.categories import Category
from apps.taxonomy.keywords import Keyword

RENAMED_CATEGORIES: Mapping[str, Category] = MappingProxyType(
    {
        "STATEMENT_CATEGORY_UNSAFE_AND_ILLEGAL_PRODUCTS": Category.UNSAFE_AND_PROHIBITED_PRODUCTS,
        "STATEMENT_CATEGORY_SCOPE_OF_PLATFORM_SERVICE": Category.OTHER_VIOLATION_TC,
    }
)
REMOVED_CATEGORIES = frozenset(
    {
        "STATEMENT_CATEGORY_NON_CONSENSUAL_BEHAVIOUR",
        "STATEMENT_CATEGORY_PORNOGRAPHY_OR_SEXUALIZED_CONTENT",
    }
)
RENAMED_KEYWORDS: Mapping[str, Keyword] = MappingProxyType(
    {
        "KEYWORD_DISINFORMATION": Keyword.MISINFORMATION_DISINFORMATION,
        "KEYWORD_ONLINE_BULLYING_INTIMIDATION": Keyword.CYBER_BULLYING_INTIMIDATION,
        "KEYWORD_INSUFFICIENT_INFORMATION_TRADERS": Keyword.INSUFFICIENT_INFORMATION_ON_TRADERS,
        "KEYWORD_NON_CONSENSUAL_ITEMS_DEEPFAKE": Keyword.NON_CONSENSUAL_MATERIAL_DEEPFAKE,
    }
)
REMOVED_KEYWORDS = frozenset(
    {
        "KEYWORD_MISINFORMATION",
        "KEYWORD_FOREIGN_INFORMATION_MANIPULATION",
        "KEYWORD_REGULATED_GOODS_SERVICES",
        "KEYWORD_DANGEROUS_TOYS",
        "KEYWORD_GENDER_BASED_VIOLENCE",
        "KEYWORD_IMAGE_BASED_SEXUAL_ABUSE",
    }
)


def read_category(code: str) -> Category | None:
    """Today's category for a code of either schema; None where v2 dropped it without a successor, or none knows it."""
    if code in Category.values:
        return Category(code)
    return RENAMED_CATEGORIES.get(code)


def read_keyword(code: str) -> Keyword | None:
    if code in Keyword.values:
        return Keyword(code)
    return RENAMED_KEYWORDS.get(code)

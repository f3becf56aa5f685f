"""The rows of the official reporting templates, derived from the vocabularies, in the official order."""

from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_lowercase

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.taxonomy.categories import Category
from apps.taxonomy.keywords import Keyword
from apps.taxonomy.variants import report_keywords


@dataclass(frozen=True, slots=True)
class ReportingRow:
    """`number`: `Category 6` or `Category 6c`, as the files write it in every language. `code` repeats for OTHER."""

    number: str
    description: str | Promise
    code: str
    category: Category | None
    keyword: Keyword | None = None


def reporting_rows() -> Iterator[ReportingRow]:
    """Implementing Regulation (EU) 2024/2835, Annex I part 2, without its heading."""
    yield ReportingRow("TOTAL", _("All the entries"), "TOTAL", None)
    for category in Category:
        number = f"Category {category.number}"
        yield ReportingRow(number, category.label, category.value, category)
        for letter, keyword in zip(ascii_lowercase, report_keywords(category), strict=False):
            yield ReportingRow(f"{number}{letter}", keyword.label, keyword.value, category, keyword)

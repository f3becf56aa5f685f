"""Numbered pages of a list whose length is known and small enough to jump about in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    rows: Sequence[M]
    number: int
    size: int
    total: int

    @property
    def previous(self) -> str:
        return str(self.number - 1) if self.number > 1 else ""

    @property
    def next(self) -> str:
        return str(self.number + 1) if self.number * self.size < self.total else ""

    @property
    def is_whole(self) -> bool:
        return self.total <= self.size

    @property
    def shown(self) -> str:
        first = (self.number - 1) * self.size + 1
        facts = {
            "first": number_format(first if self.rows else 0),
            "last": number_format(first + len(self.rows) - 1 if self.rows else 0),
            "total": number_format(self.total),
        }
        return _("%(first)s–%(last)s of %(total)s") % facts


def page_of(rows: QuerySet[M], *, number: str, size: int, total: int) -> Page[M]:
    """The page of that number; the first one where the number makes no sense. One query."""
    last = max(-(-total // size), 1)
    wanted = int(number) if number.isdecimal() and len(number) < 8 else 1
    current = min(max(wanted, 1), last)
    start = (current - 1) * size
    return Page(list(rows[start : start + size]), current, size, total)

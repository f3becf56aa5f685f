"""Numbered pages of a list whose length is known and small enough to jump about in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from django.utils.formats import number_format
from django.utils.translation import gettext as _

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class Sliceable(Protocol[R_co]):
    """A list or a queryset."""

    def __getitem__(self, part: slice, /) -> Iterable[R_co]: ...


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    rows: Sequence[R]
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


def page_of(rows: Sliceable[R], *, number: str, size: int, total: int) -> Page[R]:
    """The page of that number; the first one where the number makes no sense. Of a queryset: one query."""
    last = max(-(-total // size), 1)
    wanted = int(number) if number.isdecimal() and len(number) < 8 else 1
    current = min(max(wanted, 1), last)
    start = (current - 1) * size
    return Page(list(rows[start : start + size]), current, size, total)

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

LONGEST = 120


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months, from the first to the last, both included; each is written as its first day."""

    first: date
    last: date

    @classmethod
    def of(cls, first: date, last: date) -> Period:
        """The months two dates lie in; raises ValueError where these are none, or more than ten years of them."""
        start, end = month_of(first), month_of(last)
        if end < start or distance(start, end) >= LONGEST:
            raise ValueError("A period has at least one month and at most 120.")
        return cls(start, end)

    @classmethod
    def up_to(cls, last: date, *, months: int) -> Period:
        """So many months, of which the one of `last` is the last."""
        return cls(shifted(month_of(last), 1 - months), month_of(last))

    @property
    def months(self) -> tuple[date, ...]:
        return tuple(shifted(self.first, offset) for offset in range(distance(self.first, self.last) + 1))

    @property
    def before(self) -> Period:
        """As many months, right before these: what a change is measured against."""
        return Period.up_to(shifted(self.first, -1), months=len(self.months))


def month_of(day: date) -> date:
    """The first day of a date's month; an instant's month is the one it has in UTC."""
    if isinstance(day, datetime):
        day = day.astimezone(UTC).date()
    return date(day.year, day.month, 1)


def shifted(month: date, by: int) -> date:
    years, index = divmod(month.year * 12 + month.month - 1 + by, 12)
    return date(years, index + 1, 1)


def distance(first: date, last: date) -> int:
    """From one month to the other, in months."""
    return (last.year - first.year) * 12 + last.month - first.month

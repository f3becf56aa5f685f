"""What the `holidays` library knows of a country, in the words of this portal."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

import holidays

from apps.organisations.calendars import ONE_DAY, WorkingCalendar

LONGEST_CODE = 6  # the library also knows cities by their names; a calendar keeps codes of ISO 3166-2
AHEAD = 800  # days


def subdivisions_of(country: str) -> Sequence[tuple[str, str]]:
    """(code, name) of the parts of a country whose holidays differ; none where the library knows none."""
    try:
        known = holidays.country_holidays(country)
    except NotImplementedError:
        return []
    names = known.get_subdivision_aliases()
    codes = [code for code in known.subdivisions if len(code) <= LONGEST_CODE]
    return sorted(((code, (names.get(code) or [code])[0]) for code in codes), key=lambda pair: pair[1])


def next_holidays(calendar: WorkingCalendar, *, after: date, count: int) -> list[tuple[date, str]]:
    """The public holidays from a day on, with their names in English."""
    found = ((day, calendar.holiday(day)) for day in _days(after))
    named = [(day, name) for day, name in found if name]
    return named[:count]


def working_days_on(calendar: WorkingCalendar, *, at: datetime, count: int) -> date | None:
    """The day so many working days after the one of `at`, which is not counted; None where there are too few ahead."""
    working = [day for day in _days(calendar.day_of(at) + ONE_DAY) if calendar.is_working(day)]
    return working[count - 1] if len(working) >= count else None


def _days(first: date) -> Iterator[date]:
    return (first + number * ONE_DAY for number in range(AHEAD))

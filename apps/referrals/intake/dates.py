import re
from collections.abc import Iterable
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DateFormat(TextChoices):
    """Chosen by a person for a whole column; nothing guesses whether 03/04 is in March or in April."""

    ISO = "iso", _("Year-month-day, such as 2026-12-21")
    DAY_FIRST = "day_first", _("Day.month.year, such as 21.12.2026")
    MONTH_FIRST = "month_first", _("Month/day/year, such as 12/21/2026")

    @property
    def pattern(self) -> str:
        return _PATTERNS[self]


_PATTERNS = {
    DateFormat.ISO: "2026-12-21",
    DateFormat.DAY_FIRST: "21.12.2026",
    DateFormat.MONTH_FIRST: "12/21/2026",
}
_TIME = r"(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?\s{0,2}(?:[AaPp]\.?[Mm]\.?|Z|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}}){_TIME}", re.ASCII)
_OTHER = re.compile(rf"(\d{{1,2}})[./-](\d{{1,2}})[./-](\d{{4}}|\d{{2}}){_TIME}", re.ASCII)


def read_date(text: str, dates: DateFormat = DateFormat.ISO) -> date | None:
    """The day, without a time of day that may follow. Two digits of a year mean 1970 to 2069. None: no date."""
    if len(text) == 10 and dates is DateFormat.ISO:  # the usual case, without a regular expression
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    match = (_ISO if dates is DateFormat.ISO else _OTHER).fullmatch(text.strip())
    if not match:
        return None
    first, second, third = (int(part) for part in match.groups())
    if dates is DateFormat.ISO:
        year, month, day = first, second, third
    else:
        year = third if third > 99 else third + (1900 if third >= 70 else 2000)
        day, month = (first, second) if dates is DateFormat.DAY_FIRST else (second, first)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def fitting_format(values: Iterable[str]) -> DateFormat | None:
    """The only format in which all of them are dates; None where none is, or where more than one would do."""
    found = [value for value in values if value.strip()]
    fitting = [dates for dates in DateFormat if found and all(read_date(value, dates) for value in found)]
    return fitting[0] if len(fitting) == 1 else None

"""Deadlines and instants in words, with their zone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext, pgettext

SOON = timedelta(hours=24)
_HOURS_UP_TO = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Due:
    """One deadline as a person reads it. `tone`: late, soon, ok, met, paused."""

    at: datetime
    tone: str
    words: str
    exact: str


def describe_due(due_at: datetime, *, now: datetime, met_at: datetime | None = None, is_paused: bool = False) -> Due:
    """Say how a deadline stands at `now`."""
    exact = in_words(due_at)
    if met_at is not None:
        words = gettext("met on time") if met_at <= due_at else gettext("met late")
        return Due(due_at, "met", words, exact)
    if is_paused:
        return Due(due_at, "paused", gettext("clock stopped"), exact)
    left = due_at - now
    if left < timedelta(0):
        return Due(due_at, "late", gettext("overdue by %(span)s") % {"span": span_in_words(-left)}, exact)
    return Due(due_at, "soon" if left <= SOON else "ok", gettext("in %(span)s") % {"span": span_in_words(left)}, exact)


def span_in_words(span: timedelta) -> str:
    """A length of time in its one useful unit: `25 min`, `5 h`, `6 days`."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return gettext("%(count)s min") % {"count": formats.number_format(max(minutes, 1))}
    if span < _HOURS_UP_TO:
        return gettext("%(count)s h") % {"count": formats.number_format(minutes // 60)}
    days = span.days
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": formats.number_format(days)}


def in_words(at: datetime) -> str:
    """An instant with date, time and zone, in the reader's language and zone."""
    local = timezone.localtime(at)
    return f"{formats.date_format(local, pgettext('date and time format', 'j M Y, H:i'))} {local.tzname()}"


def in_short(at: datetime) -> str:
    """The same for a narrow column: no year, no zone; the full form belongs beside it."""
    return formats.date_format(timezone.localtime(at), pgettext("short date and time format", "j M, H:i"))

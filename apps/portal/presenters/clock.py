"""Deadlines and instants in words, with their zone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext, pgettext

from apps.core.moments import in_words

__all__ = ["Due", "ShownClock", "describe_due", "describe_still", "in_short", "in_words", "span_in_words"]

SOON = timedelta(hours=24)
_HOURS_UP_TO = timedelta(hours=48)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Due:
    """One deadline as a person reads it. `tone`: late, soon, ok, met, missed, paused."""

    at: datetime | None
    tone: str
    words: str
    exact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownClock:
    """What a list says of a clock. `is_statutory`: it is a time limit of the law."""

    due_at: datetime | None = None
    met_at: datetime | None = None
    is_paused: bool = False
    paused_since: datetime | None = None
    is_statutory: bool = False


def describe_due(due_at: datetime, *, now: datetime, met_at: datetime | None = None) -> Due:
    """Say how a deadline stands at `now`."""
    exact = in_words(due_at)
    if met_at is not None:
        return _met(due_at, met_at, exact)
    left = due_at - now
    if left < timedelta(0):
        return Due(due_at, "late", gettext("overdue by %(span)s") % {"span": span_in_words(-left)}, exact)
    words = gettext("due in %(span)s") % {"span": span_in_words(left)}
    return Due(due_at, "soon" if left <= SOON else "ok", words, exact)


def describe_still(since: datetime | None) -> Due:
    """A clock that stands still while the sender owes information; `since`, where that was read."""
    if since is None:
        return Due(None, "paused", gettext("clock stands still (question)"), "")
    words = gettext("still since %(moment)s") % {"moment": in_short(since)}
    return Due(
        since,
        "paused",
        words,
        gettext("clock stands still since %(moment)s, a question is open") % {"moment": in_words(since)},
    )


def span_in_words(span: timedelta) -> str:
    """A length of time in its one useful unit: `25 min`, `5 h`, `6 days`."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return gettext("%(count)s min") % {"count": formats.number_format(max(minutes, 1))}
    if span < _HOURS_UP_TO:
        return gettext("%(count)s h") % {"count": formats.number_format(minutes // 60)}
    days = span.days
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": formats.number_format(days)}


def in_short(at: datetime) -> str:
    """The same for a narrow column: no year, no zone; the full form belongs beside it."""
    return formats.date_format(timezone.localtime(at), pgettext("short date and time format", "j M, H:i"))


def _met(due_at: datetime, met_at: datetime, exact: str) -> Due:
    """The due time itself is within."""
    if met_at == due_at:
        return Due(due_at, "met", gettext("answered at the due time"), exact)
    span = _margin_in_words(abs(due_at - met_at))
    if met_at < due_at:
        return Due(due_at, "met", gettext("answered %(span)s early") % {"span": span}, exact)
    return Due(due_at, "missed", gettext("answered %(span)s late") % {"span": span}, exact)


def _margin_in_words(span: timedelta) -> str:
    """Below a minute the seconds are said: they decide."""
    if span >= _MINUTE:
        return span_in_words(span)
    return gettext("%(count)s s") % {"count": formats.number_format(max(int(span.total_seconds()), 1))}

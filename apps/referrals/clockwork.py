"""What a clock shows. Pure: no database, no present; the same history and terms always give the same due time.

Hours are counted from the moment on. Days run to the end of their last day in the zone of whoever has to act; the day
on which the period begins is not counted, and neither is a day on which the clock stood still. An act at the due time
itself is within. Sources of limits and of what a question does: `apps.taxonomy.clocks`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from apps.organisations.calendars import ONE_DAY, WorkingCalendar
from apps.taxonomy.limits import Limit, OnQuestion, Unit

FURTHEST = 3660  # days; a calendar that never works is a mistake in it


class Cause(StrEnum):
    """Why a clock stands still."""

    QUESTION = "question"  # asked by the platform
    IMPOSSIBILITY = "impossibility"  # Reg. (EU) 2021/784 Art 3(7)
    MANIFEST_ERROR = "manifest_error"  # Art 3(8)


class Act(StrEnum):
    """What can happen to a clock."""

    START = "start"
    STOP = "stop"
    GO_ON = "go_on"
    MEET = "meet"
    END = "end"


@dataclass(frozen=True, slots=True)
class Moment:
    act: Act
    at: datetime
    cause: Cause = Cause.QUESTION


@dataclass(frozen=True, slots=True)
class Stop:
    """A time in which the clock stood still; `until` is None while it still does."""

    since: datetime
    until: datetime | None = None
    cause: Cause = Cause.QUESTION


@dataclass(frozen=True, slots=True)
class Terms:
    limit: Limit
    on_question: OnQuestion
    calendar: WorkingCalendar


@dataclass(frozen=True, slots=True)
class Reading:
    """`counted_from`: the start, or the last beginning anew. `round` counts how often the due time has moved."""

    started_at: datetime
    counted_from: datetime
    due_at: datetime
    stops: tuple[Stop, ...] = ()
    met_at: datetime | None = None
    ended_at: datetime | None = None
    round: int = 0

    @property
    def paused_since(self) -> datetime | None:
        return self.stops[-1].since if self.stops and self.stops[-1].until is None else None

    @property
    def is_over(self) -> bool:
        return self.met_at is not None or self.ended_at is not None


def read(history: Iterable[Moment], terms: Terms) -> Reading | None:
    """Run a clock through its history, in order; None if it was never started."""
    clock: Reading | None = None
    for moment in history:
        if clock is None:
            clock = start(moment.at, terms) if moment.act is Act.START else None
        else:
            clock = advance(clock, moment, terms)
    return clock


def start(at: datetime, terms: Terms) -> Reading:
    return Reading(started_at=at, counted_from=at, due_at=due(at, (), terms))


def advance(clock: Reading, moment: Moment, terms: Terms) -> Reading:
    """What one more moment makes of a clock. What is over stays as it is; what makes no sense changes nothing."""
    if clock.is_over or moment.act is Act.START:
        return clock
    if moment.act is Act.STOP:
        return _stop(clock, moment, terms)
    going_on = _go_on(clock, moment.at, terms)
    if moment.act is Act.MEET:
        return replace(going_on, met_at=moment.at)
    return replace(clock, ended_at=moment.at) if moment.act is Act.END else going_on


def _stop(clock: Reading, moment: Moment, terms: Terms) -> Reading:
    if clock.paused_since or terms.on_question is OnQuestion.RUN:
        return clock
    return replace(clock, stops=(*clock.stops, Stop(moment.at, None, moment.cause)))


def _go_on(clock: Reading, at: datetime, terms: Terms) -> Reading:
    if clock.paused_since is None:
        return clock
    *before, last = clock.stops
    stops = (*before, replace(last, until=at))
    counted_from = at if terms.on_question is OnQuestion.RESTART else clock.counted_from
    return replace(
        clock, stops=stops, counted_from=counted_from, due_at=due(counted_from, stops, terms), round=clock.round + 1
    )


def due(counted_from: datetime, stops: Sequence[Stop], terms: Terms) -> datetime:
    """The last moment that is within, given the stops that have ended since `counted_from`."""
    since = [stop for stop in stops if stop.until is not None and stop.until > counted_from]
    limit = terms.limit
    if limit.unit is Unit.HOURS:
        stood = sum((length(stop) for stop in since), timedelta())
        return counted_from.astimezone(UTC) + timedelta(hours=limit.amount) + stood
    first = terms.calendar.day_of(counted_from)
    return terms.calendar.end_of(_last_day(first, since, terms))


def length(stop: Stop) -> timedelta:
    return stop.until.astimezone(UTC) - stop.since.astimezone(UTC) if stop.until else timedelta()


def stood_still(day: date, stops: Iterable[Stop], calendar: WorkingCalendar) -> bool:
    """Whether the clock stood still at any moment of a day."""
    return any(
        calendar.day_of(stop.since) <= day <= calendar.day_of(stop.until) for stop in stops if stop.until is not None
    )


def counts(day: date, stops: Sequence[Stop], terms: Terms) -> bool:
    """Whether a day after the first one is counted."""
    if stood_still(day, stops, terms.calendar):
        return False
    return terms.limit.unit is not Unit.WORKING_DAYS or terms.calendar.is_working(day)


def _last_day(first: date, stops: Sequence[Stop], terms: Terms) -> date:
    if terms.limit.unit is Unit.MONTHS:
        amount = (add_months(first, terms.limit.amount) - first).days
    else:
        amount = terms.limit.amount
    day, counted = first, 0
    while counted < amount:
        day += ONE_DAY
        counted += counts(day, stops, terms)
        if (day - first).days > FURTHEST:
            raise ValueError("This calendar has too few working days to count to.")
    return day


def add_months(day: date, amount: int) -> date:
    """The same day so many months later, or the last day of that month where it has no such day."""
    months = day.year * 12 + day.month - 1 + amount
    year, month = divmod(months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - ONE_DAY).day
    return date(year, month + 1, min(day.day, last))

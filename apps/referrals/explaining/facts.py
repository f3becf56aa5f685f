"""Why an obligation is due when it is: everything somebody needs to redo the sum, without words.

Read from the row, whose terms never change, and from the referral's events; nothing is counted in another way than
`apps.referrals.clockwork` counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from apps.organisations.calendars import ONE_DAY, WorkingCalendar
from apps.referrals.clocks import reading_of, terms_of
from apps.referrals.clockwork import Cause, Reading, Stop, Terms, counts, stood_still
from apps.referrals.models import Event, Obligation, Policy, Referral
from apps.referrals.models.event import Verb
from apps.referrals.models.obligation import Clock
from apps.taxonomy.clocks import RULES, Basis, ClockRule
from apps.taxonomy.limits import Unit

TELLING = (Verb.REFERRAL_RECEIVED, Verb.INFORMATION_REQUESTED)


class Why(StrEnum):
    """Why a day is counted or not."""

    FIRST = "first"
    COUNTED = "counted"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSED = "closed"
    STOOD_STILL = "stood_still"


class Standing(StrEnum):
    """How a clock stands at a moment."""

    RUNNING = "running"
    OVERDUE = "overdue"
    STILL = "still"
    IN_TIME = "in_time"
    LATE = "late"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Proof:
    """What proves the receipt: a delivery by its channel and public id, or that the platform acted (`by_act`)."""

    channel: str = ""
    receipt: str = ""
    by_act: bool = False


@dataclass(frozen=True, slots=True)
class Stood:
    """A stop with its question. `is_counted`: it moved the due time; what came before a beginning anew did not."""

    stop: Stop
    question: str
    is_counted: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a period; `number`: which of the days that count."""

    on: date
    why: Why
    number: int = 0
    holiday: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One obligation explained. `policy` named the limit, where one did: a sender's target or a platform's promise."""

    clock: Clock
    basis: Basis
    rule: ClockRule | None
    policy: Policy | None
    terms: Terms
    reading: Reading
    proof: Proof
    stops: Sequence[Stood]
    days: Sequence[Day]
    is_leading: bool

    @property
    def counts_days(self) -> bool:
        return self.terms.limit.unit is not Unit.HOURS

    @property
    def zone(self) -> str:
        """The zone of its days."""
        return self.terms.calendar.zone

    @property
    def begun_anew_at(self) -> datetime | None:
        clock = self.reading
        return None if clock.counted_from == clock.started_at else clock.counted_from

    @property
    def margin(self) -> timedelta | None:
        """From the act to the due time: negative for what was late, None for what was never met."""
        return self.reading.due_at - self.reading.met_at if self.reading.met_at else None

    @property
    def within(self) -> bool | None:
        """Whether it was met in time; the due time itself is within. None for what has not been met."""
        return None if self.margin is None else self.margin >= timedelta()

    def standing(self, at: datetime) -> Standing:
        clock = self.reading
        if self.within is not None:
            return Standing.IN_TIME if self.within else Standing.LATE
        if clock.ended_at is not None:
            return Standing.ENDED
        if clock.paused_since is not None:
            return Standing.STILL
        return Standing.OVERDUE if clock.due_at < at else Standing.RUNNING


@dataclass(frozen=True, slots=True)
class Sum:
    """The due time as an addition on the wall clock of one zone, in whole seconds.

    `began` + the limit + `stood` + `shift` + `parts` = `due`. `shift`: what the wall clock was put forward in between
    (negative: back). `parts`: what the parts of seconds that are left out of the others make together.
    """

    began: datetime
    limit: timedelta
    stood: Sequence[timedelta]
    shift: timedelta
    parts: timedelta
    due: datetime


def sum_of(one: Explanation, zone: ZoneInfo) -> Sum:
    """For hours alone: days are counted, not added."""
    began, due = (_whole(at.astimezone(zone)) for at in (one.reading.counted_from, one.reading.due_at))
    limit = timedelta(hours=one.terms.limit.amount)
    stood = [length_of(kept.stop) for kept in one.stops if kept.is_counted]
    shift = (due.utcoffset() or timedelta()) - (began.utcoffset() or timedelta())
    added = limit + sum(stood, timedelta()) + shift
    parts = due.replace(tzinfo=None) - began.replace(tzinfo=None) - added
    return Sum(began, limit, stood, shift, parts, due)


def length_of(stop: Stop) -> timedelta:
    """Between the whole seconds in which a stop began and ended, as they are shown."""
    return _whole(stop.until) - _whole(stop.since) if stop.until else timedelta()


def explain(row: Obligation, events: Iterable[Event]) -> Explanation:
    """Read `target__policy__organisation` along with the row; `events`: at least those of `TELLING`."""
    clock, terms = reading_of(row), terms_of(row)
    told = list(events)
    return Explanation(
        clock=Clock(row.clock),
        basis=_basis(row),
        rule=RULES.get(row.rule),
        policy=row.target.policy if row.target else None,
        terms=terms,
        reading=clock,
        proof=_proof(told),
        stops=_stops(clock, told),
        days=_days(clock, terms) if terms.limit.unit is not Unit.HOURS else (),
        is_leading=row.is_leading,
    )


def explanations(referral: Referral, events: Iterable[Event] | None = None) -> list[Explanation]:
    """All clocks of a referral, the strictest first; one query, and one for the events where they are not given."""
    rows = Obligation.objects.filter(referral=referral).select_related("target__policy__organisation")
    if events is None:
        events = Event.objects.filter(referral=referral, verb__in=TELLING, item__isnull=True).order_by("pk")
    told = list(events)
    found = sorted(rows, key=lambda row: (not row.is_leading, row.due_at, not row.statutory, row.pk))
    return [explain(row, told) for row in found]


def _basis(row: Obligation) -> Basis:
    if row.statutory:
        return Basis.STATUTORY
    if row.clock == Clock.PLATFORM_TARGET:
        return Basis.AGREED
    rule = RULES.get(row.rule)
    return rule.basis if rule else Basis.TARGET


def _proof(events: Sequence[Event]) -> Proof:
    data: Mapping[str, str] = next((one.data for one in events if one.verb == Verb.REFERRAL_RECEIVED), {})
    return Proof(data.get("channel", ""), data.get("receipt", ""), data.get("by") == "act")


def _stops(clock: Reading, events: Sequence[Event]) -> list[Stood]:
    asked = {one.at: one.text for one in events if one.verb == Verb.INFORMATION_REQUESTED}
    return [
        Stood(
            stop,
            asked.get(stop.since, "") if stop.cause is Cause.QUESTION else "",
            stop.until is not None and stop.until > clock.counted_from,
        )
        for stop in clock.stops
    ]


def _days(clock: Reading, terms: Terms) -> list[Day]:
    """Every day from the first, which is not counted, to the last."""
    calendar = terms.calendar
    stops = [stop for stop in clock.stops if stop.until is not None and stop.until > clock.counted_from]
    day, last = calendar.day_of(clock.counted_from), calendar.day_of(clock.due_at)
    days, number = [Day(day, Why.FIRST)], 0
    while day < last:
        day += ONE_DAY
        if counts(day, stops, terms):
            number += 1
            days.append(Day(day, Why.COUNTED, number))
        else:
            days.append(_uncounted(day, stops, calendar))
    return days


def _uncounted(day: date, stops: Sequence[Stop], calendar: WorkingCalendar) -> Day:
    if stood_still(day, stops, calendar):
        return Day(day, Why.STOOD_STILL)
    if holiday := calendar.holiday(day):
        return Day(day, Why.HOLIDAY, holiday=holiday)
    return Day(day, Why.WEEKEND if day.isoweekday() not in calendar.weekdays else Why.CLOSED)


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)

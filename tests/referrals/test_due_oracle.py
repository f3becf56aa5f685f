"""Due times against an oracle that shares nothing with the product: no zone database, no holiday library, no iteration.

It knows summer time from the directive's rule (last Sundays of March and October, 01:00 UTC), Easter from Gauss's
method, and the fixed holidays of three countries. Days are counted on a calendar laid out beforehand.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from apps.organisations.calendars import WorkingCalendar
from apps.referrals.clockwork import Act, Moment, Terms, read
from apps.taxonomy.limits import Limit, OnQuestion, Unit

WINTER = {"DE": 1, "FR": 1, "PT": 0}  # hours ahead of UTC
ZONES = {"DE": "Europe/Berlin", "FR": "Europe/Paris", "PT": "Europe/Lisbon"}
FIRST, LAST = date(2023, 1, 1), date(2032, 12, 31)
MICROSECOND = timedelta(microseconds=1)


def gauss_easter(year):
    a, b, c = year % 19, year % 4, year % 7
    k = year // 100
    m = (15 - (13 + 8 * k) // 25 + k - k // 4) % 30
    n = (4 + k - k // 4) % 7
    d = (19 * a + m) % 30
    e = (2 * b + 4 * c + 6 * d + n) % 7
    day = 22 + d + e
    if d == 29 and e == 6:
        day = 50
    elif d == 28 and e == 6 and (11 * m + 11) % 30 < 19:
        day = 49
    return date(year, 3, 1) + timedelta(days=day - 1)


def holidays_of(country, year):
    easter = gauss_easter(year)
    movable = {"DE": (-2, 1, 39, 50), "FR": (1, 39, 50), "PT": (-2, 0, 60)}[country]
    fixed = {
        "DE": ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26)),
        "FR": ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)),
        "PT": ((1, 1), (4, 25), (5, 1), (6, 10), (8, 15), (10, 5), (11, 1), (12, 1), (12, 8), (12, 25)),
    }[country]
    return {easter + timedelta(days=days) for days in movable} | {date(year, *day) for day in fixed}


def last_sunday(year, month):
    end = date(year, month, 31)
    return end - timedelta(days=end.isoweekday() % 7)


def offset(country, at):
    """Hours ahead of UTC at an instant."""
    changes = [datetime(at.year, month, last_sunday(at.year, month).day, 1, tzinfo=UTC) for month in (3, 10)]
    return WINTER[country] + (changes[0] <= at < changes[1])


def local_day(country, at):
    return (at + timedelta(hours=offset(country, at))).date()


def end_of(country, day):
    """No zone of the oracle changes at midnight: the offset at noon of the next day, taken back to midnight."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    candidates = [midnight - timedelta(hours=hours) for hours in (WINTER[country], WINTER[country] + 1)]
    (right,) = [at for at in candidates if midnight - timedelta(hours=offset(country, at)) == at]
    return right - MICROSECOND


DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days)]
WORKING = {
    country: [d for d in DAYS if d.isoweekday() < 6 and d not in holidays_of(country, d.year)] for country in WINTER
}


def expected(country, limit, start, stops):
    if limit.unit is Unit.HOURS:
        epoch = start.timestamp() * 1_000_000 + limit.amount * 3_600_000_000
        epoch += sum((until - since) / MICROSECOND for since, until in stops)
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=round(epoch))
    still = {
        date.fromordinal(number)
        for since, until in stops
        for number in range(local_day(country, since).toordinal(), local_day(country, until).toordinal() + 1)
    }
    pool = WORKING[country] if limit.unit is Unit.WORKING_DAYS else DAYS
    place = bisect_right(pool, local_day(country, start))
    following = [day for day in pool[place : place + limit.amount + len(still)] if day not in still]
    return end_of(country, following[limit.amount - 1])


span = st.integers(0, 6 * 366 * 86_400 * 10**6)
instants = span.map(lambda microseconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds))
near_the_edges = st.sampled_from(
    [
        datetime(2026, 3, 29, 0, 30, tzinfo=UTC),  # an hour before it goes missing
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # before it comes twice
        datetime(2028, 2, 28, 22, 59, 59, tzinfo=UTC),  # a leap day is next
        datetime(2026, 4, 2, 21, 59, 59, 999999, tzinfo=UTC),  # Good Friday is next
        datetime(2026, 12, 23, 15, tzinfo=UTC),
        datetime(2026, 12, 31, 22, 59, 59, 999999, tzinfo=UTC),  # the year ends within a microsecond in Berlin
        datetime(2026, 12, 31, 23, 0, tzinfo=UTC),  # and has ended
    ]
)
limits = st.builds(Limit, st.integers(1, 60), st.sampled_from([Unit.HOURS, Unit.CALENDAR_DAYS, Unit.WORKING_DAYS]))
seconds = st.integers(1, 400_000)


@settings(max_examples=5000, deadline=None)
@given(
    country=st.sampled_from(sorted(WINTER)),
    limit=limits,
    start=instants | near_the_edges,
    waits=st.lists(st.tuples(seconds, seconds), max_size=3),
)
@example("DE", Limit(1, Unit.WORKING_DAYS), datetime(2026, 4, 30, 13, tzinfo=UTC), [])
@example("FR", Limit(24, Unit.HOURS), datetime(2026, 3, 28, 12, tzinfo=UTC), [(60, 3600)])
def test_a_due_time_is_what_the_oracle_says(country, limit, start, waits):
    moments, stops, at = [Moment(Act.START, start)], [], start
    for before, standing in waits:
        since = at + timedelta(seconds=before)
        at = since + timedelta(seconds=standing)
        stops.append((since, at))
        moments += [Moment(Act.STOP, since), Moment(Act.GO_ON, at)]
    terms = Terms(limit, OnQuestion.PAUSE, WorkingCalendar(zone=ZONES[country], country=country))

    clock = read(moments, terms)

    assert clock.due_at.astimezone(UTC) == expected(country, limit, start, stops)
    assert clock.round == len(stops)


@settings(max_examples=500, deadline=None)
@given(start=instants | near_the_edges, waits=st.lists(st.tuples(seconds, seconds), min_size=1, max_size=3))
def test_a_clock_that_begins_anew_forgets_what_was_before(start, waits):
    moments, at = [Moment(Act.START, start)], start
    for before, standing in waits:
        moments.append(Moment(Act.STOP, at + timedelta(seconds=before)))
        at += timedelta(seconds=before + standing)
        moments.append(Moment(Act.GO_ON, at))
    terms = Terms(Limit(1, Unit.HOURS), OnQuestion.RESTART, WorkingCalendar(zone="Europe/Berlin", country="DE"))
    clock = read(moments, terms)
    assert (clock.counted_from, clock.due_at) == (at, at + timedelta(hours=1))


@pytest.mark.parametrize("country", sorted(WINTER))
def test_the_library_and_the_oracle_agree_on_holidays(country):
    calendar = WorkingCalendar(zone=ZONES[country], country=country)
    for year in range(2024, 2031):
        named = {date(year, 1, 1) + timedelta(days=n) for n in range(366)} & {
            d for d in DAYS if calendar.holiday(d) and d.year == year
        }
        assert named == {day for day in holidays_of(country, year) if day.year == year}


@pytest.mark.parametrize("country", sorted(WINTER))
def test_the_last_moment_of_every_day_is_the_oracles(country):
    calendar = WorkingCalendar(zone=ZONES[country])
    for day in DAYS[365:]:
        assert calendar.end_of(day) == end_of(country, day)
        assert calendar.day_of(calendar.end_of(day)) == day
        assert calendar.end_of(day).astimezone(ZoneInfo(ZONES[country])).date() == day

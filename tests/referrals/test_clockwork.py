"""Worked examples of the clocks, each as a person would count it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.organisations.calendars import WorkingCalendar
from apps.referrals.clockwork import Act, Moment, Terms, add_months, read
from apps.taxonomy.limits import Limit, OnQuestion, Unit

BERLIN = ZoneInfo("Europe/Berlin")
GERMANY = WorkingCalendar(zone="Europe/Berlin", country="DE")
HOUR = Terms(Limit(1, Unit.HOURS), OnQuestion.PAUSE, GERMANY)
ORDER = Terms(Limit(1, Unit.HOURS), OnQuestion.RESTART, GERMANY)
DAY = Terms(Limit(24, Unit.HOURS), OnQuestion.PAUSE, GERMANY)


def berlin(*when):
    return datetime(*when, tzinfo=BERLIN)


def run(terms, *moments):
    return read([Moment(act, at) for act, at in moments], terms)


def within(clock):
    return clock.met_at <= clock.due_at


class TestAnHour:
    @pytest.mark.parametrize(("acted", "is_within"), [((0, 30, 0), True), ((0, 30, 1), False)])
    def test_ends_with_its_last_second(self, acted, is_within):
        clock = run(HOUR, (Act.START, berlin(2026, 3, 12, 23, 30)), (Act.MEET, berlin(2026, 3, 13, *acted)))
        assert within(clock) is is_within

    def test_of_an_order_begins_anew_with_the_clarification(self):
        clock = run(
            ORDER,
            (Act.START, berlin(2026, 3, 12, 10)),
            (Act.STOP, berlin(2026, 3, 12, 10, 20)),
            (Act.GO_ON, berlin(2026, 3, 12, 14)),
            (Act.MEET, berlin(2026, 3, 12, 14, 50)),
        )
        assert within(clock) and clock.met_at - clock.counted_from == timedelta(minutes=50)
        assert clock.due_at == berlin(2026, 3, 12, 15)

    def test_of_a_referral_runs_on_with_the_answer(self):
        clock = run(
            HOUR,
            (Act.START, berlin(2026, 3, 12, 23, 30)),
            (Act.STOP, berlin(2026, 3, 13, 0, 5)),
            (Act.GO_ON, berlin(2026, 3, 13, 3, 55)),
        )
        assert clock.due_at == berlin(2026, 3, 13, 4, 20)

    def test_is_an_hour_when_the_clocks_are_changed(self):
        spring = run(HOUR, (Act.START, berlin(2026, 3, 29, 1, 30)))
        assert spring.due_at == berlin(2026, 3, 29, 3, 30)
        autumn = run(HOUR, (Act.START, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)))
        assert autumn.due_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


class TestADay:
    def test_of_a_hate_speech_notice_runs_through_the_weekend(self):
        clock = run(DAY, (Act.START, berlin(2026, 3, 13, 18)))
        assert clock.due_at == berlin(2026, 3, 14, 18)

    def test_has_24_hours_when_the_clocks_are_changed(self):
        clock = run(DAY, (Act.START, berlin(2026, 3, 28, 12)))
        assert clock.due_at == berlin(2026, 3, 29, 13)


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("country", "zone", "last"),
        [
            ("DE", "Europe/Berlin", date(2026, 5, 4)),  # 1 May is a holiday, then the weekend
            ("NL", "Europe/Amsterdam", date(2026, 5, 1)),  # 1 May is a day like any other
            ("PL", "Europe/Warsaw", date(2026, 5, 4)),  # 1 May, and 3 May on a Sunday
        ],
    )
    def test_are_those_of_the_country(self, country, zone, last):
        terms = Terms(Limit(1, Unit.WORKING_DAYS), OnQuestion.PAUSE, WorkingCalendar(zone=zone, country=country))
        clock = run(terms, (Act.START, datetime(2026, 4, 30, 15, tzinfo=ZoneInfo(zone))))
        assert clock.due_at == datetime(last.year, last.month, last.day, 23, 59, 59, 999999, tzinfo=ZoneInfo(zone))

    def test_on_which_the_clock_stood_still_are_not_counted(self):
        terms = Terms(Limit(2, Unit.WORKING_DAYS), OnQuestion.PAUSE, GERMANY)
        clock = run(
            terms,
            (Act.START, berlin(2026, 3, 2, 10)),
            (Act.STOP, berlin(2026, 3, 3, 9)),
            (Act.GO_ON, berlin(2026, 3, 3, 16)),
        )
        assert clock.due_at.date() == date(2026, 3, 5)

    def test_do_not_include_the_first_day(self):
        terms = Terms(Limit(1, Unit.WORKING_DAYS), OnQuestion.PAUSE, GERMANY)
        assert run(terms, (Act.START, berlin(2026, 3, 2, 0, 1))).due_at.date() == date(2026, 3, 3)


class TestMonths:
    @pytest.mark.parametrize(
        ("day", "amount", "expected"),
        [
            (date(2026, 8, 31), 6, date(2027, 2, 28)),
            (date(2027, 8, 31), 6, date(2028, 2, 29)),
            (date(2026, 11, 30), 1, date(2026, 12, 30)),
            (date(2026, 12, 15), 1, date(2027, 1, 15)),
        ],
    )
    def test_end_on_the_same_day_or_the_months_last(self, day, amount, expected):
        assert add_months(day, amount) == expected


class TestMeeting:
    def test_while_the_clock_stands_still_is_within(self):
        clock = run(
            HOUR,
            (Act.START, berlin(2026, 3, 12, 10)),
            (Act.STOP, berlin(2026, 3, 12, 10, 20)),
            (Act.MEET, berlin(2026, 3, 12, 18)),
        )
        assert within(clock)

    def test_ends_a_clock_for_good(self):
        clock = run(
            HOUR,
            (Act.START, berlin(2026, 3, 12, 10)),
            (Act.MEET, berlin(2026, 3, 12, 10, 30)),
            (Act.STOP, berlin(2026, 3, 12, 10, 40)),
            (Act.GO_ON, berlin(2026, 3, 12, 12)),
        )
        assert (clock.due_at, clock.stops) == (berlin(2026, 3, 12, 11), ())

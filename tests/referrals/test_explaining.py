"""Anybody can redo the sum: what is said of a clock is enough to arrive at its due time."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from apps.organisations.calendars import WorkingCalendar
from apps.portal.presenters.explained import clock_card
from apps.referrals.clockwork import Act, Cause, Moment, Stop, Terms, read
from apps.referrals.explaining.facts import Day, Explanation, Proof, Stood, Why, _days
from apps.referrals.explaining.wording import margin_in_words, sentence
from apps.referrals.models.obligation import Clock
from apps.taxonomy.clocks import Basis
from apps.taxonomy.limits import Limit, OnQuestion, Unit

BERLIN = ZoneInfo("Europe/Berlin")
GERMANY = WorkingCalendar(zone="Europe/Berlin", country="DE")
HOURS = {"h": "hours", "min": "minutes", "s": "seconds"}
AN_HOUR = Limit(1, Unit.HOURS)
ANY_MOMENT = st.integers(0, 6 * 365 * 86_400 * 10**6).map(
    lambda micros: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
)
PROOF = Proof("webhook", "0c0ffee0-0000-4000-8000-000000000000")


@pytest.fixture(autouse=True)
def in_berlin():
    with timezone.override(BERLIN), translation.override("en"):
        yield


def explained(history, *, limit=AN_HOUR, on_question=OnQuestion.PAUSE, calendar=GERMANY):
    terms = Terms(limit, on_question, calendar)
    clock = read(history, terms)
    return Explanation(
        clock=Clock.ANSWER_TARGET,
        basis=Basis.TARGET,
        rule=None,
        policy=None,
        terms=terms,
        reading=clock,
        proof=PROOF,
        stops=[Stood(one, "Which post?", bool(one.until and one.until > clock.counted_from)) for one in clock.stops],
        days=_days(clock, terms) if limit.unit is not Unit.HOURS else (),
        is_leading=True,
    )


def berlin(*when):
    return datetime(*when, tzinfo=BERLIN)


def told(one, now=None):
    return sentence(one, now=now or one.reading.started_at)


def lengths(words):
    """`+ 3 h 50 min − 1 h` as one length."""
    total = timedelta()
    for sign, said in re.findall(r"([+−]) ([^+−=]+)", words):
        parts = {HOURS[unit]: int(count.replace(",", "")) for count, unit in re.findall(r"([\d,]+) (h|min|s)\b", said)}
        total += timedelta(**parts) * (1 if sign == "+" else -1)
    return total


def moment(words):
    """`12 Mar 2026, 23:30 CET` on the wall clock."""
    day, clock = re.match(r"(?:= )?(\d+ \w+ \d+), ([\d:]+) ", words).groups()
    return datetime.strptime(f"{day} {clock}", f"%d %b %Y %H:%M{':%S' if clock.count(':') > 1 else ''}")  # noqa: DTZ007  a wall clock


def redone(card):
    first, *middle, _last = card.figures
    return moment(first.value) + lengths(" ".join(figure.value for figure in middle))


class TestTheSentence:
    def test_names_start_proof_stop_and_due_time(self):
        one = explained(
            [
                Moment(Act.START, berlin(2026, 3, 12, 23, 30)),
                Moment(Act.STOP, berlin(2026, 3, 12, 23, 40)),
                Moment(Act.GO_ON, berlin(2026, 3, 13, 3, 30)),
            ]
        )
        assert told(one) == (
            "Started 12 Mar 2026, 23:30 CET (delivered by: Webhook, receipt 0c0ffee0…), "
            "paused 3 h 50 min (question “Which post?”), due 13 Mar 2026, 04:20 CET."
        )

    def test_shows_seconds_where_they_decide(self):
        one = explained(
            [Moment(Act.START, berlin(2026, 3, 12, 23, 30)), Moment(Act.MEET, berlin(2026, 3, 13, 0, 30, 1))]
        )
        assert told(one).endswith("due 13 Mar 2026, 00:30:00 CET, met 13 Mar 2026, 00:30:01 CET, 1 s late.")

    @pytest.mark.parametrize(
        ("margin", "words"),
        [
            (timedelta(), "exactly at the due time"),
            (timedelta(microseconds=-1), "less than a second late"),
            (timedelta(minutes=10), "10 min before the due time"),
            (timedelta(days=-1), "24 h late"),
        ],
    )
    def test_says_by_how_much(self, margin, words):
        assert margin_in_words(margin) == words

    def test_says_what_the_reply_will_make_of_it(self):
        asked = [Moment(Act.START, berlin(2026, 3, 12, 10)), Moment(Act.STOP, berlin(2026, 3, 12, 10, 20))]
        assert told(explained(asked)).endswith(
            "paused since 12 Mar 2026, 10:20 CET (question “Which post?”), due 40 min after the reply."
        )
        assert told(explained(asked, on_question=OnQuestion.RESTART)).endswith("due 1 hour after the reply.")

    def test_says_in_whose_zone_days_are_counted(self):
        one = explained([Moment(Act.START, berlin(2030, 4, 30, 10))], limit=Limit(2, Unit.WORKING_DAYS))
        with timezone.override("Europe/Helsinki"):
            assert "due at the end of 3 May 2030 in Europe/Berlin (4 May 2030, 00:59 EEST)." in told(one)

    def test_tells_many_stops_as_one(self):
        moments = [Moment(Act.START, berlin(2026, 3, 12, 8))]
        for hour in (9, 10, 11, 12):
            moments += [Moment(Act.STOP, berlin(2026, 3, 12, hour)), Moment(Act.GO_ON, berlin(2026, 3, 12, hour, 5))]
        assert "paused 4 times, 20 min in all" in told(explained(moments, limit=Limit(24, Unit.HOURS)))


class TestTheSum:
    def test_stands_in_one_line(self):
        one = explained(
            [
                Moment(Act.START, berlin(2026, 3, 12, 23, 30)),
                Moment(Act.STOP, berlin(2026, 3, 12, 23, 40)),
                Moment(Act.GO_ON, berlin(2026, 3, 13, 3, 30)),
            ]
        )
        card = clock_card(one, [], berlin(2026, 3, 13, 4))
        assert card.formula == "12 Mar, 23:30 + 1 h + 3 h 50 min = 13 Mar, 04:20"

    def test_names_the_hour_that_a_wall_clock_skips(self):
        one = explained([Moment(Act.START, berlin(2026, 3, 28, 23, 30))], limit=Limit(24, Unit.HOURS))
        card = clock_card(one, [], berlin(2026, 3, 29))
        assert card.formula == "28 Mar, 23:30 + 24 h + 1 h = 30 Mar, 00:30"
        assert "Wall clocks put forward" in [figure.label for figure in card.figures]

    def test_leaves_out_what_came_before_a_beginning_anew(self):
        one = explained(
            [
                Moment(Act.START, berlin(2026, 3, 12, 10)),
                Moment(Act.STOP, berlin(2026, 3, 12, 10, 20)),
                Moment(Act.GO_ON, berlin(2026, 3, 12, 14)),
                Moment(Act.MEET, berlin(2026, 3, 12, 14, 50)),
            ],
            on_question=OnQuestion.RESTART,
        )
        card = clock_card(one, [], berlin(2026, 3, 12, 15))
        assert card.formula == "12 Mar, 14:00 + 1 h = 12 Mar, 15:00"
        assert card.standing == "answered 10 min early"
        assert one.within

    @given(
        start=ANY_MOMENT,
        hours=st.integers(1, 500),
        stops=st.lists(st.tuples(st.integers(0, 10**12), st.integers(1, 10**12)), max_size=5),
        on_question=st.sampled_from([OnQuestion.PAUSE, OnQuestion.RESTART]),
        zone=st.sampled_from(["Europe/Berlin", "UTC", "Europe/Lisbon", "Asia/Kathmandu"]),
    )
    def test_comes_out_for_any_history(self, start, hours, stops, on_question, zone):
        history, at = [Moment(Act.START, start)], start
        for run, still in stops:
            at += timedelta(microseconds=run)
            history.append(Moment(Act.STOP, at))
            at += timedelta(microseconds=still)
            history.append(Moment(Act.GO_ON, at))
        one = explained(history, limit=Limit(hours, Unit.HOURS), on_question=on_question)
        with timezone.override(zone), translation.override("en"):
            card = clock_card(one, [], at)
            due = one.reading.due_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)
            shown = moment(card.figures[-1].value)
        assert redone(card) == shown
        assert shown in {due, due.replace(second=0)}
        assert lengths(card.formula.partition("=")[0]) == redone(card) - moment(card.figures[0].value)


class TestTheDays:
    def days(self, *, start, amount, calendar=GERMANY, stops=()):
        history = [Moment(Act.START, start)]
        for stop in stops:
            history += [Moment(Act.STOP, stop.since), Moment(Act.GO_ON, stop.until)]
        return explained(history, limit=Limit(amount, Unit.WORKING_DAYS), calendar=calendar).days

    def test_are_counted_one_by_one_each_with_its_reason(self):
        closed = WorkingCalendar(
            zone="Europe/Berlin", country="DE", closed_on=(datetime(2030, 5, 2, tzinfo=UTC).date(),)
        )
        found = self.days(start=berlin(2030, 4, 30, 10), amount=2, calendar=closed)
        assert [(day.on.day, day.why) for day in found] == [
            (30, Why.FIRST),
            (1, Why.HOLIDAY),
            (2, Why.CLOSED),
            (3, Why.COUNTED),
            (4, Why.WEEKEND),
            (5, Why.WEEKEND),
            (6, Why.COUNTED),
        ]
        assert found[1].holiday == "Labor Day" and [day.number for day in found if day.number] == [1, 2]

    def test_on_which_the_clock_stood_still_are_not_counted(self):
        still = Stop(berlin(2030, 5, 2, 9), berlin(2030, 5, 2, 10), Cause.QUESTION)
        found = self.days(start=berlin(2030, 4, 30, 10), amount=1, stops=[still])
        assert [day.why for day in found] == [Why.FIRST, Why.HOLIDAY, Why.STOOD_STILL, Why.COUNTED]

    @given(
        start=ANY_MOMENT,
        amount=st.integers(1, 30),
    )
    def test_end_with_the_due_day_which_is_the_last_that_counts(self, start, amount):
        found: list[Day] = self.days(start=start, amount=amount)
        assert found[-1].number == amount == sum(day.why is Why.COUNTED for day in found)
        assert all((after.on - before.on).days == 1 for before, after in pairwise(found))

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from celery.schedules import crontab
from django.conf import settings

from apps.deadlines.watch import words
from apps.deadlines.watch.limits import DAY, Limit, Verdict, interval_of, judge, limits_for

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LIMIT = Limit("chase", every=60.0, seconds=240.0)


@dataclass(frozen=True)
class Beats:
    expected_since: datetime = NOON - timedelta(days=30)
    last_succeeded_at: datetime | None = None
    last_failed_at: datetime | None = None


def ago(seconds):
    return NOON - timedelta(seconds=seconds)


def verdict(**facts):
    return judge(Beats(**facts), LIMIT, at=NOON)


class TestAVerdict:
    @pytest.mark.parametrize(
        ("seconds", "expected"), [(0, Verdict.FINE), (240, Verdict.FINE), (240.001, Verdict.LATE), (1e6, Verdict.LATE)]
    )
    def test_is_late_after_the_limit_which_itself_is_within(self, seconds, expected):
        assert verdict(last_succeeded_at=ago(seconds)) is expected

    def test_does_not_take_failures_for_runs(self):
        assert verdict(last_succeeded_at=ago(241), last_failed_at=ago(1)) is Verdict.LATE

    def test_tells_of_a_failure_before_it_is_late(self):
        assert verdict(last_succeeded_at=ago(61), last_failed_at=ago(1)) is Verdict.FAILED
        assert verdict(last_succeeded_at=ago(1), last_failed_at=ago(61)) is Verdict.FINE

    def test_waits_for_what_is_expected_only_since_now(self):
        assert judge(None, LIMIT, at=NOON) is Verdict.AWAITED
        assert verdict(expected_since=ago(240)) is Verdict.AWAITED
        assert verdict(expected_since=ago(241)) is Verdict.LATE

    def test_forgives_what_was_late_while_everything_was_down(self):
        assert verdict(expected_since=ago(10), last_succeeded_at=ago(9_000)) is Verdict.AWAITED


class TestTheLimits:
    def test_follow_the_schedule(self):
        schedule = {"a": {"task": "x.a", "schedule": timedelta(seconds=30)}, "b": {"task": "x.b", "schedule": 3600}}
        found = limits_for(schedule, factor=3, margin=60, own={"x.b": 7})
        assert {name: limit.seconds for name, limit in found.items()} == {
            "x.a": 150,
            "x.b": 7,
            "beat": 150,
            "sweeper": 600,
        }

    def test_know_every_kind_of_schedule(self):
        assert interval_of(timedelta(minutes=5)) == 300
        assert interval_of(30) == 30
        assert interval_of(crontab(hour="3", minute="0")) == DAY

    def test_of_everything_scheduled_have_words(self):
        names = set(limits_for(settings.CELERY_BEAT_SCHEDULE, factor=3, margin=60, own={}))
        assert names == set(words.NAMES)

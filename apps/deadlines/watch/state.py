"""How everything stands, for a page, for a scrape and for an alarm: read from two small tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection

from apps.deadlines.models import Backlog, Heartbeat
from apps.deadlines.watch.backlogs import CAP, QUESTIONS, Question
from apps.deadlines.watch.limits import BEAT, SWEEPER, Limit, Verdict, judge, limits_for

PROCESSES = (BEAT, SWEEPER)


@dataclass(frozen=True, slots=True)
class Runner:
    """A task or a process with its limit, its heartbeat (None: there never was one) and the verdict.

    `ago`: seconds since it last ran well, or else since it is expected.
    """

    limit: Limit
    beats: Heartbeat | None
    verdict: Verdict
    ago: float

    @property
    def name(self) -> str:
        return self.limit.name

    @property
    def is_process(self) -> bool:
        return self.name in PROCESSES


@dataclass(frozen=True, slots=True)
class Pile:
    """A backlog as it was measured; `age` of its oldest, in seconds, by now."""

    question: Question
    limit: float | None
    measured: Backlog | None
    age: float

    @property
    def is_late(self) -> bool:
        return self.limit is not None and self.age > self.limit

    @property
    def is_capped(self) -> bool:
        return self.measured is not None and self.measured.waiting >= CAP


@dataclass(frozen=True, slots=True)
class State:
    at: datetime
    runners: Sequence[Runner]
    piles: Sequence[Pile]

    @property
    def late_runners(self) -> list[Runner]:
        return [runner for runner in self.runners if runner.verdict is Verdict.LATE]

    @property
    def beat_is_late(self) -> bool:
        return any(runner.name == BEAT for runner in self.late_runners)

    @property
    def late_piles(self) -> list[Pile]:
        return [pile for pile in self.piles if pile.is_late]

    @property
    def measured_at(self) -> datetime | None:
        """The oldest of the measurements that the piles rest on."""
        return min((pile.measured.measured_at for pile in self.piles if pile.measured), default=None)


def limits() -> dict[str, Limit]:
    watch = settings.WATCH
    return limits_for(settings.CELERY_BEAT_SCHEDULE, factor=watch.factor, margin=watch.margin, own=watch.limits)


def present_time() -> datetime:
    """By the database's clock, which writes the heartbeats."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        at: datetime = cursor.fetchone()[0]
    return at


def state(*, at: datetime) -> State:
    """How everything stands at `at`, the processes first. Two queries."""
    beats = {row.name: row for row in Heartbeat.objects.all()}
    measured = {row.name: row for row in Backlog.objects.all()}
    expected = sorted(limits().values(), key=lambda limit: (limit.name not in PROCESSES, limit.every, limit.name))
    return State(
        at=at,
        runners=[_runner(limit, beats.get(limit.name), at=at) for limit in expected],
        piles=[_pile(question, measured.get(question.name), at=at) for question in QUESTIONS],
    )


def _runner(limit: Limit, beats: Heartbeat | None, *, at: datetime) -> Runner:
    since = (beats.last_succeeded_at or beats.expected_since) if beats else at
    return Runner(limit, beats, judge(beats, limit, at=at), max((at - since).total_seconds(), 0.0))


def _pile(question: Question, measured: Backlog | None, *, at: datetime) -> Pile:
    oldest = measured.oldest_at if measured else None
    age = max((at - oldest).total_seconds(), 0.0) if oldest else 0.0
    own: dict[str, int] = settings.WATCH.limits
    limit = float(own[question.name]) if question.name in own else question.seconds
    return Pile(question, limit, measured, age)

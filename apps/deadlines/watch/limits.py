"""When something that runs by the clock counts as late. Pure: schedules in, limits out; heartbeats in, verdicts out.

Late is a question of successes. A task that starts on time and fails is as late as one that nobody starts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from celery.schedules import maybe_schedule

BEAT, SWEEPER, WATCH = "beat", "sweeper", "watch"
DAY = 86_400.0
SWEEP_SECONDS = 15.0
LEAST = {  # seconds; one run may take that long and be in order
    SWEEPER: 600.0,  # a full outbox over a slow mail server
    "verification.check_due": 600.0,  # waits for servers of others
}


class Verdict(StrEnum):
    FINE = "fine"
    AWAITED = "awaited"  # has not run since it is expected, and need not have
    FAILED = "failed"  # failed last time, and is not late yet
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something is expected, and after how many seconds without a success it is late."""

    name: str
    every: float
    seconds: float


class Beats(Protocol):
    """What a verdict asks of a heartbeat."""

    @property
    def expected_since(self) -> datetime: ...
    @property
    def last_succeeded_at(self) -> datetime | None: ...
    @property
    def last_failed_at(self) -> datetime | None: ...


def limits_for(
    schedule: Mapping[str, Mapping[str, Any]], *, factor: float, margin: float, own: Mapping[str, int]
) -> dict[str, Limit]:
    """The limit of each scheduled task, of beat and of the sweeper: so many times its interval and a margin.

    `own`: seconds that somebody has set instead, by name.
    """
    every = {str(entry["task"]): interval_of(entry["schedule"]) for entry in schedule.values()}
    if every:
        every[BEAT] = min(every.values())
    every[SWEEPER] = SWEEP_SECONDS
    return {
        name: Limit(name, seconds, float(own.get(name, max(factor * seconds + margin, LEAST.get(name, 0.0)))))
        for name, seconds in every.items()
    }


def interval_of(schedule: Any) -> float:
    """Seconds between two runs; what runs at times of the day is expected once a day."""
    every = getattr(maybe_schedule(schedule), "run_every", None)
    return every.total_seconds() if isinstance(every, timedelta) else DAY


def silence(beats: Beats, *, at: datetime) -> float:
    """Seconds without a success while one was expected."""
    return max((at - max(beats.expected_since, beats.last_succeeded_at or beats.expected_since)).total_seconds(), 0.0)


def judge(beats: Beats | None, limit: Limit, *, at: datetime) -> Verdict:
    """How something stands at `at`; the limit itself is within."""
    if beats is None:
        return Verdict.AWAITED
    if silence(beats, at=at) > limit.seconds:
        return Verdict.LATE
    succeeded, failed = beats.last_succeeded_at, beats.last_failed_at
    if failed is not None and (succeeded is None or failed > succeeded):
        return Verdict.FAILED
    if succeeded is None or (at - succeeded).total_seconds() > limit.seconds:
        return Verdict.AWAITED
    return Verdict.FINE

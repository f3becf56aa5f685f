"""The ladder: when somebody is reminded, and who. Pure.

A rung is taken after a share of the time has passed, where 100 % is the due time whatever stops have moved it to. A
sender's policy may move rungs or leave them out (`Policy.ladder`); an empty one climbs the portal's own.
docs/reminders.md shows this table; a test keeps the two the same.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from apps.deadlines.models.chase import Rung
from apps.delivery.models import Audience
from apps.taxonomy.urgency import Urgency

UNDISTURBED_BY_NIGHT = frozenset({Urgency.LIFE, Urgency.CRISIS})
HIGHEST_PERCENT = 10_000


class Side(StrEnum):
    """Whose time a rung is found by; each has its own look time on the obligation."""

    PLATFORM = "platform"  # chase_at
    SENDER = "sender"  # escalate_at; the Commission's list too, which nobody is told of


@dataclass(frozen=True, slots=True)
class Step:
    """`audience` is None where nobody is written to."""

    rung: Rung
    percent: int
    side: Side
    audience: Audience | None


LADDER: Sequence[Step] = (
    Step(Rung.BEFORE, 75, Side.PLATFORM, Audience.CONTACT),
    Step(Rung.DUE, 100, Side.PLATFORM, Audience.CONTACT),
    Step(Rung.LATE, 125, Side.PLATFORM, Audience.CONTACT),
    Step(Rung.BACKUP, 150, Side.PLATFORM, Audience.BACKUP),
    Step(Rung.PLATFORM_SUPERVISOR, 200, Side.PLATFORM, Audience.SUPERVISOR),
    Step(Rung.SENDER_SUPERVISOR, 200, Side.SENDER, Audience.SUPERVISOR),
    Step(Rung.COMMISSION, 400, Side.SENDER, None),
)
OWN: Mapping[str, int] = {step.rung.value: step.percent for step in LADDER}
STEPS: Mapping[str, Step] = {step.rung.value: step for step in LADDER}
Taken = Collection[tuple[str, int]]  # (rung, round)


@dataclass(frozen=True, slots=True, kw_only=True)
class Climber:
    """What the ladder needs to know of a running clock.

    `went_on_at`: the end of its last stop. `taken`: the rungs of all rounds. `held`: until when an announcement lets a
    rung of this round wait. `may_wake`: quiet hours do not count.
    """

    due_at: datetime
    limit_seconds: int
    round: int = 0
    went_on_at: datetime | None = None
    policy: Mapping[str, int] = field(default_factory=dict)
    taken: Taken = ()
    held: Mapping[str, datetime] = field(default_factory=dict)
    may_wake: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    step: Step
    at: datetime


@dataclass(frozen=True, slots=True)
class Climbed:
    """The rungs to take now, lowest first, and when to look again; None: the ladder ends here."""

    due: Sequence[Planned]
    look_at: datetime | None


def percents(policy: Mapping[str, int]) -> Mapping[str, int]:
    """The share of the time at which each rung is taken; without those that are switched off."""
    chosen = policy or OWN
    return {rung: chosen[rung] for rung in OWN if isinstance(chosen.get(rung), int) and chosen[rung] > 0}


def planned(clock: Climber) -> list[Planned]:
    """The rungs of both sides that are still ahead in this round, with the time each is meant for; earliest first."""
    ahead = [
        Planned(STEPS[rung], _meant_for(rung, percent, clock))
        for rung, percent in percents(clock.policy).items()
        if not _is_behind(rung, percent, clock)
    ]
    return sorted(ahead, key=lambda one: one.at)


def climb(clock: Climber, *, side: Side, at: datetime, quiet_until: datetime | None) -> Climbed:
    """What one look at a clock comes to. `quiet_until`: whoever would be told is not to be disturbed before."""
    due, later = [], []
    for one in planned(clock):
        if one.step.side is not side:
            continue
        sleeps = quiet_until is not None and one.step.audience is not None and not clock.may_wake
        looked_at = max(one.at, quiet_until) if sleeps and quiet_until else one.at
        if looked_at <= at:
            due.append(one)
        else:
            later.append(looked_at)
    return Climbed(due, min(later, default=None))


def _meant_for(rung: str, percent: int, clock: Climber) -> datetime:
    at = _time_of(percent, clock)
    return max(at, clock.held[rung]) if rung in clock.held else at


def _time_of(percent: int, clock: Climber) -> datetime:
    return clock.due_at + timedelta(seconds=clock.limit_seconds) * (percent - 100) / 100


def _is_behind(rung: str, percent: int, clock: Climber) -> bool:
    """Taken in this round; or in an earlier one, and its time had come again when the clock went on: said already."""
    if (rung, clock.round) in clock.taken:
        return True
    was_taken = any(one == rung for one, _round in clock.taken)
    return was_taken and clock.went_on_at is not None and _time_of(percent, clock) <= clock.went_on_at

"""How counts become a figure: shares, medians, buckets. Pure; nothing here knows the database or a language."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from apps.statistics.counts import Counts

Number = int | float
SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Part:
    """A further number of the same indicator: the 90th percentile, one bucket of a distribution."""

    key: str
    value: Number | None
    numerator: int | None = None
    denominator: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure with what it was made of. `value` is None where nothing can be said (never 0), or `suppressed`."""

    value: Number | None = None
    numerator: int | None = None
    denominator: int | None = None
    exclusions: tuple[tuple[str, int], ...] = ()
    parts: tuple[Part, ...] = ()
    suppressed: bool = False

    def part(self, key: str) -> Part:
        """One of the parts; without a value where there is none, or where it is suppressed."""
        return next((part for part in self.parts if part.key == key), Part(key, None))


SUPPRESSED = Figure(suppressed=True)

Measure = Callable[[Counts], Figure]
Question = Callable[[Counts], int]
Exclusions = Sequence[tuple[str, Question]]


def count_of(counted: Question, excluding: Exclusions = ()) -> Measure:
    def measure(counts: Counts) -> Figure:
        number = counted(counts)
        return Figure(value=number, numerator=number, exclusions=_asked(excluding, counts))

    return measure


def share_of(numerator: Question, denominator: Question, excluding: Exclusions = ()) -> Measure:
    def measure(counts: Counts) -> Figure:
        above, below = numerator(counts), denominator(counts)
        return Figure(
            value=ratio(above, below), numerator=above, denominator=below, exclusions=_asked(excluding, counts)
        )

    return measure


def median_of(durations: Callable[[Counts], Sequence[int]], excluding: Exclusions = ()) -> Measure:
    """Hours; the denominator says how many durations there were."""

    def measure(counts: Counts) -> Figure:
        seconds = sorted(durations(counts))  # costs nothing where they are sorted already
        return Figure(
            value=in_hours(median(seconds)),
            denominator=len(seconds),
            exclusions=_asked(excluding, counts),
            parts=(Part("p90", in_hours(nearest_rank(seconds, 90)), denominator=len(seconds)),),
        )

    return measure


# The buckets of I13 do not overlap: each ends with its bound, which is inside.
BUCKETS: tuple[tuple[str, Question], ...] = (
    ("0_1h", lambda counts: counts.within_hour),
    ("1_24h", lambda counts: counts.within_day),
    ("24_48h", lambda counts: counts.within_two_days),
    ("2_7d", lambda counts: counts.within_week),
    ("over_7d", lambda counts: counts.later),
    ("none", lambda counts: counts.undecided),
)
CUMULATIVE = ("within_1h", "within_24h", "within_48h", "within_7d")
HEADLINE = "within_24h"


def distribution(excluding: Exclusions = ()) -> Measure:
    """Shares of the answerable items by the time to their decision; the headline is what was decided in 24 hours."""

    def measure(counts: Counts) -> Figure:
        below, running = counts.answerable, 0
        single, cumulative = [], []
        for position, (key, counted) in enumerate(BUCKETS):
            number = counted(counts)
            single.append(Part(key, ratio(number, below), number, below))
            running += number
            if position < len(CUMULATIVE):
                cumulative.append(Part(CUMULATIVE[position], ratio(running, below), running, below))
        headline = next(part for part in cumulative if part.key == HEADLINE)
        return Figure(
            value=headline.value,
            numerator=headline.numerator,
            denominator=below,
            exclusions=_asked(excluding, counts),
            parts=(*single, *cumulative),
        )

    return measure


def ratio(numerator: int, denominator: int) -> float | None:
    """None, never 0, where there is nothing to be a share of."""
    return round(numerator / denominator, 6) if denominator else None


def median(ordered: Sequence[int]) -> float | None:
    """The middle value, or the mean of the two middle ones; `ordered` is sorted."""
    if not ordered:
        return None
    middle = len(ordered) // 2
    return float(ordered[middle]) if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def nearest_rank(ordered: Sequence[int], percent: int) -> int | None:
    """The smallest value that at least `percent` of all do not exceed; `ordered` is sorted."""
    return ordered[math.ceil(len(ordered) * percent / 100) - 1] if ordered else None


def in_hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / SECONDS_PER_HOUR, 2)


def _asked(excluding: Exclusions, counts: Counts) -> tuple[tuple[str, int], ...]:
    return tuple((key, question(counts)) for key, question in excluding)

"""The state as figures for Prometheus (text format 0.0.4). No tenant's name and no reference is ever among them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from apps.deadlines.watch.broker import Broker
from apps.deadlines.watch.limits import BEAT, Verdict
from apps.deadlines.watch.state import Pile, Runner, State

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


@dataclass(frozen=True, slots=True)
class Figure:
    """One family: its samples are (labels, value)."""

    name: str
    kind: str
    words: str
    samples: list[tuple[Mapping[str, str], float]] = field(default_factory=list)


def text_of(figures: Iterable[Figure]) -> str:
    return "".join(f"{line}\n" for figure in figures if figure.samples for line in _lines(figure))


def figures(state: State | None, broker: Broker) -> Iterator[Figure]:
    """Everything; without a state (the database is away) what can be told without it."""
    yield Figure("portal_database_up", "gauge", "Whether the database answers.", [({}, float(state is not None))])
    yield Figure("portal_broker_up", "gauge", "Whether the broker answers.", [({}, float(broker.answers))])
    depths: list[tuple[Mapping[str, str], float]] = [({"queue": name}, n) for name, n in broker.depths.items()]
    yield Figure("portal_queue_depth", "gauge", "Messages in a queue of the broker.", depths)
    if state is not None:
        yield from _of_runners(state)
        yield from _of_piles(state.piles)


RUNNERS: Mapping[str, tuple[str, str, Callable[[Runner], float | None]]] = MappingProxyType(
    {
        "portal_last_success_timestamp_seconds": (
            "gauge",
            "When a task or process last ran well.",
            lambda one: _instant(one.beats.last_succeeded_at) if one.beats else None,
        ),
        "portal_last_start_timestamp_seconds": (
            "gauge",
            "When it was last started.",
            lambda one: _instant(one.beats.last_started_at) if one.beats else None,
        ),
        "portal_last_failure_timestamp_seconds": (
            "gauge",
            "When it last failed.",
            lambda one: _instant(one.beats.last_failed_at) if one.beats else None,
        ),
        "portal_last_duration_seconds": (
            "gauge",
            "How long its last run took.",
            lambda one: one.beats.last_seconds if one.beats else None,
        ),
        "portal_runs_total": ("counter", "Its runs.", lambda one: one.beats.run_count if one.beats else None),
        "portal_failures_total": (
            "counter",
            "Its runs that failed.",
            lambda one: one.beats.failure_count if one.beats else None,
        ),
        "portal_lag_seconds": ("gauge", "Seconds since it last ran well.", lambda one: one.ago),
        "portal_lag_limit_seconds": ("gauge", "From here on it is late.", lambda one: one.limit.seconds),
        "portal_late": ("gauge", "Whether it is late.", lambda one: float(one.verdict is Verdict.LATE)),
    }
)


def _of_runners(state: State) -> Iterator[Figure]:
    for name, (kind, words, value) in RUNNERS.items():
        samples = [({"name": one.name}, found) for one in state.runners if (found := value(one)) is not None]
        yield Figure(name, kind, words, list(samples))
    beat = [one.ago for one in state.runners if one.name == BEAT]
    yield Figure(
        "portal_beat_lag_seconds", "gauge", "Seconds since beat last started something.", [({}, s) for s in beat]
    )


def _of_piles(piles: Iterable[Pile]) -> Iterator[Figure]:
    counted = [(one, one.measured) for one in piles if one.measured]
    names = [{"backlog": one.question.name} for one, _measured in counted]
    for name, words, values in (
        ("portal_backlog_rows", "Rows that wait to be swept, at most 1000.", [m.waiting for _one, m in counted]),
        ("portal_backlog_oldest_seconds", "For how long the oldest waits.", [one.age for one, _m in counted]),
        ("portal_backlog_late", "Whether that is too long.", [float(one.is_late) for one, _m in counted]),
        (
            "portal_backlog_measured_timestamp_seconds",
            "When that was counted.",
            [m.measured_at.timestamp() for _one, m in counted],
        ),
    ):
        yield Figure(name, "gauge", words, list(zip(names, map(float, values), strict=True)))


def _instant(at: datetime | None) -> float | None:
    return at.timestamp() if at else None


def _lines(figure: Figure) -> Iterator[str]:
    yield f"# HELP {figure.name} {figure.words}"
    yield f"# TYPE {figure.name} {figure.kind}"
    for labels, value in figure.samples:
        said = ",".join(f'{name}="{text.translate(ESCAPES)}"' for name, text in labels.items())
        yield f"{figure.name}{{{said}}} {value!r}" if said else f"{figure.name} {value!r}"

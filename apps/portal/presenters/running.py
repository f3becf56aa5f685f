from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.moments import span_in_words
from apps.deadlines.watch import words
from apps.deadlines.watch.broker import Broker, ask_broker
from apps.deadlines.watch.limits import Verdict
from apps.deadlines.watch.state import Pile, Runner, State, present_time, state

TONES = {Verdict.FINE: "good", Verdict.AWAITED: "neutral", Verdict.FAILED: "wait", Verdict.LATE: "bad"}
ICONS = {
    Verdict.FINE: "circle-check",
    Verdict.AWAITED: "clock",
    Verdict.FAILED: "triangle-alert",
    Verdict.LATE: "clock-alert",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A task or process as the page draws it."""

    name: str
    code: str
    verdict: str | Promise
    tone: str
    icon: str
    sentence: str
    last_at: datetime | None
    took: str
    runs: str
    error: str
    failed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Heap:
    """A backlog as the page draws it."""

    name: str
    sentence: str
    word: str | Promise
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class Page:
    at: datetime
    processes: Sequence[Row]
    tasks: Sequence[Row]
    heaps: Sequence[Heap]
    measured_at: datetime | None
    measured_ago: str
    broker_answers: bool
    queues: Sequence[tuple[str, str]]
    late: int
    refreshes: bool

    @property
    def rows(self) -> Sequence[Row]:
        return [*self.processes, *self.tasks]

    @property
    def failed(self) -> list[Row]:
        """What has failed at some time, the latest first."""
        found = [(row.failed_at, row) for row in self.rows if row.failed_at]
        return [row for _at, row in sorted(found, key=lambda pair: pair[0], reverse=True)]


def running_page(*, refreshes: bool) -> Page:
    now, broker = state(at=present_time()), ask_broker()
    rows = [(runner, _row(runner)) for runner in now.runners]
    return Page(
        at=now.at,
        processes=[row for runner, row in rows if runner.is_process],
        tasks=[row for runner, row in rows if not runner.is_process],
        heaps=[_heap(pile) for pile in now.piles],
        measured_at=now.measured_at,
        measured_ago=_ago(now),
        broker_answers=broker.answers,
        queues=_queues(broker),
        late=len(now.late_runners) + len(now.late_piles),
        refreshes=refreshes,
    )


def _ago(now: State) -> str:
    return span_in_words(max((now.at - now.measured_at).total_seconds(), 0)) if now.measured_at else ""


def _row(runner: Runner) -> Row:
    beats = runner.beats
    return Row(
        name=words.name_of(runner.name),
        code=runner.name,
        verdict=words.VERDICTS[runner.verdict],
        tone=TONES[runner.verdict],
        icon=ICONS[runner.verdict],
        sentence=words.of_runner(runner),
        last_at=beats.last_succeeded_at if beats else None,
        took=_took(beats.last_seconds) if beats else "",
        runs=_runs(beats.run_count, beats.failure_count) if beats else "",
        error=beats.last_error if beats else "",
        failed_at=beats.last_failed_at if beats else None,
    )


def _took(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return span_in_words(seconds) if seconds >= 10 else f"{formats.number_format(seconds, 2)} s"


def _runs(count: int, failures: int) -> str:
    said = formats.number_format(count)
    if not failures:
        return said
    failed = ngettext("%(count)s failed", "%(count)s failed", failures) % {"count": formats.number_format(failures)}
    return f"{said}, {failed}"


def _queues(broker: Broker) -> list[tuple[str, str]]:
    """What the broker holds, as terms and numbers."""
    held = {"unacked": _("Held by workers")}
    return [
        (held.get(name) or _("Queue “%(name)s”") % {"name": name}, formats.number_format(depth))
        for name, depth in broker.depths.items()
    ]


def _heap(pile: Pile) -> Heap:
    count = pile.measured.waiting if pile.measured else 0
    if pile.is_late:
        word, tone, icon = _("Late"), "bad", "clock-alert"
    elif count and pile.limit is None:
        word, tone, icon = _("Look at it"), "wait", "triangle-alert"
    elif count:
        word, tone, icon = _("Under way"), "neutral", "clock"
    elif pile.measured:
        word, tone, icon = _("Empty"), "good", "circle-check"
    else:
        word, tone, icon = _("Unknown"), "neutral", "info"
    return Heap(str(pile.question.words), words.of_pile(pile), word, tone, icon)

"""What a draft of a policy would mean for what is open now. Writes nothing, and changes no clock.

Each clock is counted as `apps.referrals.terms` and `clockwork` would have counted it, had the draft been the policy at
its start, with every time in which it stood still. What clocks have in common is worked out once.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from apps.accounts.principal import Principal
from apps.deadlines.policies import Line
from apps.referrals.clocks import stop_from
from apps.referrals.clockwork import Act, Moment, Stop, Terms, due, read
from apps.referrals.models import Obligation
from apps.referrals.terms import STATUTORY, Book, Kind, planned
from apps.taxonomy.limits import Unit

MOST = 250_000  # clocks that are looked at; nobody has so many open
EXAMPLES = 12
ALIKE = 3  # examples of the same instrument and urgency
FIELDS = (
    "referral_id",
    "sender_id",
    "recipient_id",
    "referral__instrument",
    "referral__area",
    "referral__urgency",
    "referral__reference",
    "started_at",
    "due_at",
    "stops",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The due time of one referral, as it is and as it would be."""

    reference: str
    instrument: str
    urgency: str
    before: datetime
    after: datetime

    @property
    def is_earlier(self) -> bool:
        return self.after < self.before

    @property
    def shift(self) -> timedelta:
        return abs(self.after - self.before)


@dataclass(slots=True)
class Tally:
    """How many referrals of one instrument and urgency. `overdue`: not late now, and late under the draft."""

    instrument: str
    urgency: str
    earlier: int = 0
    later: int = 0
    same: int = 0
    overdue: int = 0

    @property
    def total(self) -> int:
        return self.earlier + self.later + self.same


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """`is_whole`: every open referral was looked at. Examples: the greatest changes, a few of each sort."""

    tallies: Sequence[Tally]
    examples: Sequence[Change]
    is_whole: bool

    @property
    def total(self) -> int:
        return sum(tally.total for tally in self.tallies)

    @property
    def changed(self) -> int:
        return self.earlier + self.later

    @property
    def earlier(self) -> int:
        return sum(tally.earlier for tally in self.tallies)

    @property
    def later(self) -> int:
        return sum(tally.later for tally in self.tallies)

    @property
    def same(self) -> int:
        return sum(tally.same for tally in self.tallies)

    @property
    def overdue(self) -> int:
        return sum(tally.overdue for tally in self.tallies)


@dataclass(frozen=True, slots=True)
class _Clock:
    """One open referral: what decides its terms, and its history. Every clock of it stands still at the same times."""

    kind: Kind
    reference: str
    started_at: datetime
    due_at: datetime
    stops: Sequence[Stop]

    @property
    def is_paused(self) -> bool:
        return bool(self.stops) and self.stops[-1].until is None


@dataclass(slots=True)
class _Draft:
    """The draft, as terms of each kind of referral: found once, kept while this simulation runs."""

    book: Book
    other: str  # the field of the other side, whose policy had versions
    terms: dict[tuple[Any, ...], Sequence[Terms]] = field(default_factory=dict)
    days: dict[tuple[int, date], datetime] = field(default_factory=dict)

    def due(self, clock: _Clock) -> datetime:
        """When the strictest clock would run out."""
        return min(self._due(clock, terms) for terms in self._terms_of(clock))

    def _terms_of(self, clock: _Clock) -> Sequence[Terms]:
        at, kind = clock.started_at, clock.kind
        day = at.date() if kind.instrument in STATUTORY else None  # the law has versions too
        key = (kind, self.book.policy_of(getattr(kind, self.other), at=at), day)
        if key not in self.terms:
            self.terms[key] = [plan.terms for plan in planned(kind, self.book, at=at)]
        return self.terms[key]

    def _due(self, clock: _Clock, terms: Terms) -> datetime:
        at = clock.started_at
        if clock.stops:
            return _read(clock, terms)
        if terms.limit.unit is Unit.HOURS:
            return due(at, (), terms)
        key = (id(terms), terms.calendar.day_of(at))
        if key not in self.days:
            self.days[key] = due(at, (), terms)
        return self.days[key]


def simulate(lines: Sequence[Line], *, by: Principal, at: datetime) -> Simulation:
    """What these lines would make of the acting organisation's open referrals, as a sender or as a platform."""
    mine = "sender_id" if by.organisation.sends else "recipient_id"
    rows = list(_open(mine, by.organisation_id)[: MOST + 1])
    houses = {row[1] for row in rows} | {row[2] for row in rows}
    book = Book.of(houses).with_draft(by.organisation_id, [line.unsaved(by.organisation_id) for line in lines])
    draft = _Draft(book, other="recipient_id" if mine == "sender_id" else "sender_id")
    counted = _Count(at)
    for clock in _clocks(rows[:MOST]):
        counted.add(clock, draft.due(clock))
    return counted.result(is_whole=len(rows) <= MOST)


def _open(mine: str, organisation_id: int) -> Any:
    rows = Obligation.objects.filter(met_at__isnull=True, ended_at__isnull=True)
    return rows.filter(**{mine: organisation_id}).order_by("referral_id").values_list(*FIELDS)


def _clocks(rows: Iterable[Sequence[Any]]) -> Iterator[_Clock]:
    """One for each referral: the strictest due time of its clocks counts."""
    for _referral, found in groupby(rows, key=itemgetter(0)):
        each = list(found)
        _pk, sender_id, recipient_id, instrument, area, urgency, reference, started_at, *_rest = each[0]
        kind = Kind(sender_id=sender_id, recipient_id=recipient_id, instrument=instrument, area=area, urgency=urgency)
        stops = max((row[9] for row in each), key=len)
        due_at = min(row[8] for row in each)
        yield _Clock(kind, reference, started_at, due_at, [stop_from(stop) for stop in stops])


def _read(clock: _Clock, terms: Terms) -> datetime:
    """The due time after every stop of the clock's history."""
    history = [Moment(Act.START, clock.started_at)]
    for stop in clock.stops:
        history.append(Moment(Act.STOP, stop.since, stop.cause))
        if stop.until is not None:
            history.append(Moment(Act.GO_ON, stop.until))
    reading = read(history, terms)
    if reading is None:
        raise ValueError("A history that begins with a start gives a reading.")
    return reading.due_at


class _Count:
    def __init__(self, at: datetime):
        self._at = at
        self._tallies: dict[tuple[str, str], Tally] = {}
        self._changes: dict[tuple[str, str], list[tuple[timedelta, str, Change]]] = {}

    def add(self, clock: _Clock, after: datetime) -> None:
        sort = (clock.kind.instrument, clock.kind.urgency)
        tally = self._tallies.setdefault(sort, Tally(*sort))
        before = clock.due_at
        tally.overdue += not clock.is_paused and after < self._at <= before
        if after == before:
            tally.same += 1
            return
        if after < before:
            tally.earlier += 1
        else:
            tally.later += 1
        change = Change(reference=clock.reference, instrument=sort[0], urgency=sort[1], before=before, after=after)
        self._keep(sort, change)

    def _keep(self, sort: tuple[str, str], change: Change) -> None:
        kept = self._changes.setdefault(sort, [])
        entry = (change.shift, change.reference, change)
        if len(kept) < ALIKE:
            heapq.heappush(kept, entry)
        elif entry[:2] > kept[0][:2]:
            heapq.heapreplace(kept, entry)

    def result(self, *, is_whole: bool) -> Simulation:
        changes = [change for kept in self._changes.values() for _shift, _reference, change in kept]
        changes.sort(key=lambda change: (change.shift, change.reference), reverse=True)
        return Simulation(
            tallies=sorted(self._tallies.values(), key=lambda tally: (tally.instrument, tally.urgency)),
            examples=changes[:EXAMPLES],
            is_whole=is_whole,
        )

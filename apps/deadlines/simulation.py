"""What a draft of a policy would mean for what is open now. Writes nothing, and changes no clock.

Each clock is counted as `apps.referrals.terms` and `clockwork` would have counted it, had the draft been the policy at
its start, with every time in which it stood still. What clocks have in common is worked out once.
"""

import heapq
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from apps.accounts.principal import Principal
from apps.deadlines.policies import Line
from apps.referrals.clocks import stop_from
from apps.referrals.clockwork import Act, Moment, Stop, Terms, due, read
from apps.referrals.terms import STATUTORY, Book, Kind, planned
from apps.taxonomy.limits import Unit

MOST = 250_000  # clocks that are looked at; nobody has so many open
EXAMPLES = 12
ALIKE = 3  # examples of the same instrument and urgency
# Moments as whole microseconds: a hundred thousand of them are read, compared and counted in the time of a page.
_OPEN = """
SELECT o.referral_id, r.sender_id, r.recipient_id, r.instrument, r.area, r.urgency, r.reference,
       (extract(epoch FROM o.started_at) * 1000000)::bigint, (extract(epoch FROM o.due_at) * 1000000)::bigint,
       NULLIF(o.stops, '[]')
  FROM referrals_obligation o JOIN referrals_referral r ON r.id = o.referral_id
 WHERE o.{mine} = %(organisation)s AND r.{mine} = %(organisation)s AND o.met_at IS NULL AND o.ended_at IS NULL
 ORDER BY o.referral_id LIMIT %(most)s
"""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR = 3_600_000_000
QUARTER = HOUR // 4  # no zone begins a day within a quarter of an hour


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

    kind: tuple[int, int, str, str, str]
    reference: str
    started: int
    due: int
    stops: Sequence[Stop]

    @property
    def is_paused(self) -> bool:
        return bool(self.stops) and self.stops[-1].until is None


@dataclass(slots=True)
class _Draft:
    """The draft, as terms of each kind of referral: found once, kept while this simulation runs."""

    book: Book
    is_sender: bool
    terms: dict[tuple[Any, ...], Sequence[Terms]] = field(default_factory=dict)
    days: dict[tuple[int, int], int] = field(default_factory=dict)

    def due(self, clock: _Clock) -> int:
        """When the strictest clock would run out."""
        return min([self._due(clock, terms) for terms in self._terms_of(clock)])

    def _terms_of(self, clock: _Clock) -> Sequence[Terms]:
        sender, recipient, instrument, area, urgency = clock.kind
        day = clock.started // (24 * HOUR) if instrument in STATUTORY else None  # the law has versions too
        other = recipient if self.is_sender else sender
        key = (clock.kind, self.book.policy_of(other, at=_moment(clock.started)), day)
        if key not in self.terms:
            kind = Kind(sender_id=sender, recipient_id=recipient, instrument=instrument, area=area, urgency=urgency)
            self.terms[key] = [plan.terms for plan in planned(kind, self.book, at=_moment(clock.started))]
        return self.terms[key]

    def _due(self, clock: _Clock, terms: Terms) -> int:
        if clock.stops:
            return _read(clock, terms)
        if terms.limit.unit is Unit.HOURS:
            return clock.started + terms.limit.amount * HOUR
        key = (id(terms), clock.started // QUARTER)
        if key not in self.days:
            self.days[key] = _whole(due(_moment(clock.started), (), terms))
        return self.days[key]


def simulate(lines: Sequence[Line], *, by: Principal, at: datetime) -> Simulation:
    """What these lines would make of the acting organisation's open referrals, as a sender or as a platform."""
    is_sender = by.organisation.sends
    rows = _open("sender_id" if is_sender else "recipient_id", by.organisation_id)
    houses = {row[1] for row in rows} | {row[2] for row in rows}
    book = Book.of(houses).with_draft(by.organisation_id, [line.unsaved(by.organisation_id) for line in lines])
    draft, counted = _Draft(book, is_sender), _Count(_whole(at))
    for clock in _clocks(rows[:MOST]):
        counted.add(clock, draft.due(clock))
    return counted.result(is_whole=len(rows) <= MOST)


def _open(mine: str, organisation_id: int) -> list[Sequence[Any]]:
    """The open clocks of one organisation; row-level security says the same again."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN.format(mine=mine), {"organisation": organisation_id, "most": MOST + 1})
        return list(cursor.fetchall())


def _clocks(rows: Iterable[Sequence[Any]]) -> Iterator[_Clock]:
    """One for each referral: the strictest due time of its clocks counts."""
    for _referral, found in groupby(rows, key=itemgetter(0)):
        each = list(found)
        first = each[0]
        kept = max((json.loads(row[9]) if isinstance(row[9], str) else row[9] or [] for row in each), key=len)
        due_at = min([row[8] for row in each])
        kind = (first[1], first[2], first[3], first[4], first[5])
        yield _Clock(kind, first[6], first[7], due_at, [stop_from(stop) for stop in kept])


def _moment(whole: int) -> datetime:
    return EPOCH + timedelta(microseconds=whole)


def _whole(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def _read(clock: _Clock, terms: Terms) -> int:
    """The due time after every stop of the clock's history."""
    history = [Moment(Act.START, _moment(clock.started))]
    for stop in clock.stops:
        history.append(Moment(Act.STOP, stop.since, stop.cause))
        if stop.until is not None:
            history.append(Moment(Act.GO_ON, stop.until))
    reading = read(history, terms)
    if reading is None:
        raise ValueError("A history that begins with a start gives a reading.")
    return _whole(reading.due_at)


class _Count:
    def __init__(self, at: int):
        self._at = at
        self._tallies: dict[tuple[str, str], Tally] = {}
        self._changes: dict[tuple[str, str], list[tuple[int, str, int, int]]] = {}

    def add(self, clock: _Clock, after: int) -> None:
        sort, before = (clock.kind[2], clock.kind[4]), clock.due
        tally = self._tallies.setdefault(sort, Tally(*sort))
        tally.overdue += after < self._at <= before and not clock.is_paused
        if after == before:
            tally.same += 1
            return
        if after < before:
            tally.earlier += 1
        else:
            tally.later += 1
        self._keep(sort, (abs(after - before), clock.reference, before, after))

    def _keep(self, sort: tuple[str, str], change: tuple[int, str, int, int]) -> None:
        kept = self._changes.setdefault(sort, [])
        if len(kept) < ALIKE:
            heapq.heappush(kept, change)
        elif change > kept[0]:
            heapq.heapreplace(kept, change)

    def result(self, *, is_whole: bool) -> Simulation:
        found = [(change, sort) for sort, kept in self._changes.items() for change in kept]
        changes = [_change(change, sort) for change, sort in sorted(found, reverse=True)[:EXAMPLES]]
        return Simulation(
            tallies=sorted(self._tallies.values(), key=lambda tally: (tally.instrument, tally.urgency)),
            examples=changes,
            is_whole=is_whole,
        )


def _change(change: tuple[int, str, int, int], sort: tuple[str, str]) -> Change:
    _shift, reference, before, after = change
    return Change(
        reference=reference, instrument=sort[0], urgency=sort[1], before=_moment(before), after=_moment(after)
    )

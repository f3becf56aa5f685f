"""Which clocks run for a referral, and on what terms: the law's, the sender's target, the platform's own promise.

A sender's policy takes the place of the portal's target for what it names; a platform's promise stands beside both, and
so does a time limit of the law, which no policy changes. Of the lines that fit, the most precise counts; of equally
precise ones, the shortest.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Self

from apps.organisations.calendars import WorkingCalendar
from apps.organisations.models import Organisation
from apps.referrals.clockwork import Terms
from apps.referrals.instruments import Instrument
from apps.referrals.models import Policy, Target
from apps.referrals.models.obligation import Clock
from apps.taxonomy.areas import Area
from apps.taxonomy.clocks import Basis, rule
from apps.taxonomy.limits import Limit, OnQuestion, Unit
from apps.taxonomy.urgency import TARGET_HOURS, Urgency

# What a target of the portal repeats: a recommendation or commitment that names the same time (domain.md 2.3, 13.3).
REPEATS: Mapping[tuple[str, str, str], str] = MappingProxyType(
    {
        (Instrument.REFERRAL, Area.TERRORISM, Urgency.HOUR): "C18",
        (Instrument.NOTICE, Area.HATE_SPEECH, Urgency.DAY): "C16",
        (Instrument.TRUSTED_FLAGGER_NOTICE, Area.HATE_SPEECH, Urgency.DAY): "C16",
    }
)
STATUTORY: Mapping[str, tuple[str, Clock]] = MappingProxyType({Instrument.REMOVAL_ORDER: ("C1", Clock.REMOVAL)})
HOURS_OF = MappingProxyType({Unit.HOURS: 1, Unit.CALENDAR_DAYS: 24, Unit.WORKING_DAYS: 24})


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What of a referral decides its clocks."""

    sender_id: int
    recipient_id: int
    instrument: str
    area: str
    urgency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A clock that starts at the receipt. `policy_id`: whose ladder of reminders is climbed."""

    clock: Clock
    terms: Terms
    statutory: bool = False
    rule: str = ""
    target_id: int | None = None
    policy_id: int | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a policy, in force from a moment on."""

    policy_id: int
    since: datetime
    lines: Sequence[Target]


class Book:
    """The policies and calendars of some organisations, read in three queries however many they are."""

    def __init__(
        self,
        versions: Mapping[int, Sequence[Version]],
        houses: Mapping[int, Organisation],
        drafts: Mapping[int, Sequence[Target]] | None = None,
    ):
        self._versions, self._houses, self._drafts = versions, houses, drafts or {}

    @classmethod
    def of(cls, organisations: Collection[int]) -> Self:
        lines: dict[int, list[Target]] = {}
        for line in Target.objects.filter(organisation_id__in=organisations):
            lines.setdefault(line.policy_id, []).append(line)
        versions: dict[int, list[Version]] = {}
        for row in Policy.objects.filter(organisation_id__in=organisations).order_by("organisation_id", "-version"):
            versions.setdefault(row.organisation_id, []).append(Version(row.pk, row.created_at, lines.get(row.pk, [])))
        houses = Organisation.objects.filter(pk__in=organisations).select_related("calendar", "platform")
        return cls(versions, {row.pk: row for row in houses})

    def with_draft(self, organisation_id: int, lines: Sequence[Target]) -> Self:
        """The same book, as if these unsaved lines had been the organisation's policy all along."""
        return type(self)(self._versions, self._houses, {**self._drafts, organisation_id: lines})

    def policy_of(self, organisation_id: int, *, at: datetime) -> int | None:
        """The version that was in force `at`: what is received is judged by what could be known then."""
        version = self._in_force(organisation_id, at)
        return version.policy_id if version else None

    def calendar_of(self, organisation_id: int) -> WorkingCalendar:
        return WorkingCalendar.of(self._houses[organisation_id])

    def size_of(self, platform_id: int) -> str:
        profile = getattr(self._houses[platform_id], "platform", None)
        return str(profile.size_class) if profile else ""

    def line(self, organisation_id: int, kind: Kind, *, at: datetime) -> Target | None:
        """The line of an organisation's policy that counts for a referral received `at`."""
        size = self.size_of(kind.recipient_id)
        fitting = [line for line in self._lines(organisation_id, at) if _fits(line, kind, size)]
        return min(fitting, key=lambda line: (-line.precision, line.amount * HOURS_OF[Unit(line.unit)]), default=None)

    def _lines(self, organisation_id: int, at: datetime) -> Sequence[Target]:
        if organisation_id in self._drafts:
            return self._drafts[organisation_id]
        version = self._in_force(organisation_id, at)
        return version.lines if version else ()

    def _in_force(self, organisation_id: int, at: datetime) -> Version | None:
        return next((one for one in self._versions.get(organisation_id, ()) if one.since <= at), None)


def planned(kind: Kind, book: Book, *, at: datetime) -> list[Planned]:
    """The clocks of a referral that is received `at`, in no order."""
    calendar = book.calendar_of(kind.recipient_id)
    policy_id = book.policy_of(kind.sender_id, at=at)
    clocks = [*_target(kind, book, calendar, at)]
    if promise := book.line(kind.recipient_id, kind, at=at):
        clocks.append((Clock.PLATFORM_TARGET, False, "", _terms(promise, calendar), promise.pk))
    if kind.instrument in STATUTORY:
        clocks.append(_of_law(kind.instrument, calendar, at))
    return [
        Planned(clock=clock, statutory=statutory, rule=key, terms=terms, target_id=target_id, policy_id=policy_id)
        for clock, statutory, key, terms, target_id in clocks
    ]


_Row = tuple[Clock, bool, str, Terms, int | None]


def _target(kind: Kind, book: Book, calendar: WorkingCalendar, at: datetime) -> Iterator[_Row]:
    """The sender's own; without one the portal's, unless the law itself names a time: a target must not confuse it."""
    if own := book.line(kind.sender_id, kind, at=at):
        yield Clock.ANSWER_TARGET, False, "", _terms(own, calendar), own.pk
        return
    if kind.instrument in STATUTORY:
        return
    repeated = rule(REPEATS.get((kind.instrument, kind.area, kind.urgency), ""), on=calendar.day_of(at))
    limit = Limit(TARGET_HOURS[Urgency(kind.urgency)], Unit.HOURS)
    key = repeated.key if repeated else ""
    yield Clock.ANSWER_TARGET, False, key, Terms(limit, OnQuestion.PAUSE, calendar), None


def _of_law(instrument: str, calendar: WorkingCalendar, at: datetime) -> _Row:
    code, clock = STATUTORY[instrument]
    found = rule(code, on=calendar.day_of(at))
    if found is None or found.limit is None:
        raise LookupError(f"The clock table has no valid limit for {code}.")
    return clock, found.basis is Basis.STATUTORY, found.key, Terms(found.limit, found.on_question, calendar), None


def _terms(line: Target, calendar: WorkingCalendar) -> Terms:
    return Terms(Limit(line.amount, Unit(line.unit)), OnQuestion.PAUSE, calendar)


def _fits(line: Target, kind: Kind, size: str) -> bool:
    asked = ((line.instrument, kind.instrument), (line.area, kind.area), (line.urgency, kind.urgency))
    return all(not wanted or wanted == given for wanted, given in (*asked, (line.size_class, size)))

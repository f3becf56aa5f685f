"""What an organisation asks for or promises, as values: the lines of a policy, its versions, and what has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from apps.deadlines.ladder import HIGHEST_PERCENT, OWN, percents
from apps.deadlines.models import Rung
from apps.referrals.models import Policy, Target
from apps.taxonomy.limits import Limit, Unit

# Longer than this nobody waits for an answer, and every calendar has so many working days ahead.
MOST: Mapping[str, int] = MappingProxyType({Unit.HOURS: 8760, Unit.CALENDAR_DAYS: 366, Unit.WORKING_DAYS: 100})
MOST_LINES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Within what time, for which referrals. An empty field stands for any."""

    instrument: str = ""
    area: str = ""
    urgency: str = ""
    size_class: str = ""
    amount: int
    unit: str

    @property
    def about(self) -> tuple[str, str, str, str]:
        """Which referrals; once in a policy."""
        return self.instrument, self.area, self.urgency, self.size_class

    @property
    def limit(self) -> Limit:
        return Limit(self.amount, Unit(self.unit))

    @property
    def is_within_reason(self) -> bool:
        return 0 < self.amount <= MOST.get(self.unit, 0)

    def unsaved(self, organisation_id: int) -> Target:
        return Target(
            organisation_id=organisation_id,
            instrument=self.instrument,
            area=self.area,
            urgency=self.urgency,
            size_class=self.size_class,
            amount=self.amount,
            unit=self.unit,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a policy. `made_by`: the person's id, for the organisation's own people alone."""

    number: int
    note: str
    at: datetime
    made_by: int | None
    lines: Sequence[Line]
    ladder: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """A line that is new (`before` is None), is gone (`after` is None), or names another time."""

    before: Line | None
    after: Line | None

    @property
    def line(self) -> Line:
        """Whichever there is: both are about the same referrals."""
        found = self.after or self.before
        if found is None:
            raise ValueError("A difference has at least one side.")
        return found


@dataclass(frozen=True, slots=True)
class Moved:
    """A rung that is taken at another share of the time, in percent; 0: never."""

    rung: Rung
    before: int
    after: int


def full_ladder(ladder: Mapping[str, int]) -> dict[str, int]:
    """Every rung with its percent; 0 where it is switched off. An empty ladder is the portal's own."""
    climbed = percents(ladder)
    return {rung: climbed.get(rung, 0) for rung in OWN}


def moved_rungs(before: Mapping[str, int], after: Mapping[str, int]) -> list[Moved]:
    earlier, later = full_ladder(before), full_ladder(after)
    return [Moved(Rung(rung), earlier[rung], later[rung]) for rung in OWN if earlier[rung] != later[rung]]


def is_a_ladder(ladder: Mapping[str, int]) -> bool:
    """Known rungs alone, each at a share of the time that comes; at least one where any is named."""
    known = all(rung in OWN and 0 <= percent <= HIGHEST_PERCENT for rung, percent in ladder.items())
    return known and (not ladder or any(ladder.values()))


def versions_of(organisation_id: int) -> list[Version]:
    """Every version, the newest first. Asks two queries."""
    lines: dict[int, list[Line]] = {}
    for row in Target.objects.filter(organisation_id=organisation_id).order_by("pk"):
        lines.setdefault(row.policy_id, []).append(_line(row))
    rows = Policy.objects.filter(organisation_id=organisation_id).order_by("-version")
    return [_version(row, lines.get(row.pk, [])) for row in rows]


def newest_of(organisation_id: int) -> Version | None:
    """The version that counts for what is received now. Asks two queries."""
    row = Policy.objects.filter(organisation_id=organisation_id).order_by("-version").first()
    return _version(row, [_line(one) for one in Target.objects.filter(policy=row).order_by("pk")]) if row else None


def differences(before: Sequence[Line], after: Sequence[Line]) -> list[Difference]:
    """What has changed, in the order of the lines: new and altered ones first, then what is gone."""
    earlier, later = {one.about: one for one in before}, {one.about: one for one in after}
    found = [Difference(earlier.get(one.about), one) for one in after if earlier.get(one.about) != one]
    return found + [Difference(one, None) for one in before if one.about not in later]


def _version(row: Policy, lines: Sequence[Line]) -> Version:
    return Version(
        number=row.version,
        note=row.note,
        at=row.created_at,
        made_by=row.created_by_id,
        lines=lines,
        ladder=row.ladder,
    )


def _line(row: Target) -> Line:
    return Line(
        instrument=row.instrument,
        area=row.area,
        urgency=row.urgency,
        size_class=row.size_class,
        amount=row.amount,
        unit=row.unit,
    )

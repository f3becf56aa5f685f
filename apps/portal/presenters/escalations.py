"""The Commission's list: what stayed unanswered at four times its time, in counts that point at nobody's case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise

from apps.deadlines.models import Age, Escalation
from apps.statistics.counts import Counts
from apps.statistics.dimensions import Dimension, Scope
from apps.statistics.disclosure import SENSITIVE_AREAS, hidden_rows
from apps.statistics.labels import parents_of
from apps.taxonomy.areas import Area

DAYS = 90


@dataclass(frozen=True, slots=True)
class Row:
    """`count` is None where it may not be shown."""

    name: str | Promise
    count: int | None
    oldest: str | Promise = ""


@dataclass(frozen=True, slots=True)
class EscalationsPage:
    days: int
    count: int
    platforms: Sequence[Row]
    areas: Sequence[Row]
    hidden: int


def escalations_page(*, today: date) -> EscalationsPage:
    """Run as whoever oversees; one query for the counts, one more where something has to be hidden."""
    cells = list(Escalation.objects.filter(day__gt=today - timedelta(days=DAYS)).select_related("platform"))
    hidden = _hidden(cells)
    platforms = [_platform(slug, group, hidden) for slug, group in _by(cells, "platform").items()]
    return EscalationsPage(
        days=DAYS,
        count=sum(cell.count for cell in cells),
        platforms=sorted(platforms, key=lambda row: (-(row.count or 0), str(row.name))),
        areas=sorted(_areas(cells), key=lambda row: -(row.count or 0)),
        hidden=len(hidden),
    )


def _by(cells: Iterable[Escalation], what: str) -> Mapping[str, list[Escalation]]:
    groups: dict[str, list[Escalation]] = {}
    for cell in cells:
        groups.setdefault(cell.platform.slug if what == "platform" else cell.area, []).append(cell)
    return groups


def _hidden(cells: Sequence[Escalation]) -> frozenset[str]:
    """Few referrals about terrorism or child sexual abuse point at an investigation, as in every figure."""
    counts = {
        slug: Counts(
            sent_items=sum(cell.count for cell in group),
            sensitive_items=sum(cell.count for cell in group if cell.area in SENSITIVE_AREAS),
        )
        for slug, group in _by(cells, "platform").items()
    }
    return hidden_rows(
        counts,
        scope=Scope.ALL,
        by=Dimension.PLATFORM.value,
        parents_of=lambda keys: parents_of(Dimension.PLATFORM.value, keys),
    )


def _platform(slug: str, group: Sequence[Escalation], hidden: frozenset[str]) -> Row:
    name = group[0].platform.name
    if slug in hidden:
        return Row(name, None)
    ages = list(Age)
    oldest = max((Age(cell.age) for cell in group), key=ages.index)
    return Row(name, sum(cell.count for cell in group), oldest.label)


def _areas(cells: Sequence[Escalation]) -> Sequence[Row]:
    return [Row(Area(area).label, sum(cell.count for cell in group)) for area, group in _by(cells, "area").items()]

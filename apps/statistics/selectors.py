"""What was counted, for whoever asks. Figures follow from the principal's scope (`access.py`)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.core.errors import Refused
from apps.statistics.access import access_scope
from apps.statistics.counts import COUNTED, DURATIONS, Counts, total
from apps.statistics.dimensions import MONTH, Dimension, Scope, breakdowns
from apps.statistics.disclosure import hidden_rows
from apps.statistics.indicators import CATALOGUE, Definition
from apps.statistics.labels import labels_of, parents_of
from apps.statistics.measures import SUPPRESSED, Figure
from apps.statistics.models import Cell, Compilation
from apps.statistics.periods import Period
from apps.statistics.querysets import CellQuerySet


class UnknownIndicator(Refused):
    code = "unknown_indicator"
    message = _("There is no such indicator. The catalogue of indicators lists those there are.")


class UnknownBreakdown(Refused):
    code = "unknown_breakdown"
    message = _("These figures cannot be broken down like that. Choose one of the breakdowns on the list.")


class UnknownPeriod(Refused):
    code = "unknown_period"
    message = _("The period must end after it begins, and last ten years at most. Change its first or last month.")


KEYS = ("month", "dimension", "value", *COUNTED)


@dataclass(frozen=True, slots=True)
class Row:
    """One value of a breakdown: a platform's slug, a category's code, a month (`2026-03`)."""

    key: str
    label: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """One indicator over one period. Without a compilation there is no `as_of`, and no value."""

    definition: Definition
    version: int | None
    as_of: datetime | None
    scope: Scope
    period: Period
    by: str
    total: Figure
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """The counts of one period, in total and along breakdowns, out of one compilation.

    `timed` names the breakdowns (`""`: the total) whose durations were read, so that medians can be taken of them.
    """

    compilation: Compilation | None
    scope: Scope
    period: Period
    cells: Sequence[Mapping[str, Any]]
    timed: frozenset[str] = frozenset()
    _added_up: dict[str, dict[str, Counts]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def total(self) -> Counts:
        return self.along("")[""]

    def along(self, by: str) -> dict[str, Counts]:
        """Counts by the value of a breakdown; months in their order, with those in which nothing was filed."""
        if by not in self._added_up:
            self._added_up[by] = {key: total(cells) for key, cells in self._grouped(by).items()}
        return self._added_up[by]

    def _grouped(self, by: str) -> dict[str, list[Mapping[str, Any]]]:
        keys = {"": [""], MONTH: [f"{month:%Y-%m}" for month in self.period.months]}.get(by, [])
        grouped: dict[str, list[Mapping[str, Any]]] = {key: [] for key in keys}
        (dimension,) = _dimensions([by])
        for cell in self.cells:
            if cell["dimension"] == dimension:
                key = f"{cell['month']:%Y-%m}" if by == MONTH else cell["value"]
                grouped.setdefault(key, []).append(cell)
        return grouped

    def hidden(self, by: str) -> frozenset[str]:
        """The rows of a breakdown that disclosure control keeps back."""
        return hidden_rows(self.along(by), scope=self.scope, by=by, parents_of=partial(parents_of, by))


def catalogue() -> tuple[Definition, ...]:
    return tuple(CATALOGUE.values())


def latest_as_of() -> datetime | None:
    """How fresh the figures are; None: nothing was ever compiled."""
    compilation = compilation_at(None)
    return compilation.as_of if compilation else None


def compilation_at(as_of: datetime | None) -> Compilation | None:
    """The newest compilation, or the newest one that is no newer than `as_of`."""
    compilations = Compilation.objects.order_by("-as_of")
    if as_of is not None:
        compilations = compilations.filter(as_of__lte=as_of)
    return compilations.first()


def counted(
    principal: Principal,
    period: Period,
    *,
    by: Iterable[str] = (),
    timed: Iterable[str] = (),
    as_of: datetime | None = None,
) -> Counted:
    """Everything counted in a period, in total and along the breakdowns named, in at most three queries.

    Durations are many; `timed` says for which breakdowns to read them (`""`: the total).
    Raises `PermissionDenied` for those without figures, `UnknownBreakdown` for one their figures do not have.
    """
    scope, wanted, with_durations = access_scope(principal), {"", *by}, frozenset(timed)
    if not wanted | with_durations <= {"", *breakdowns(scope)}:
        raise UnknownBreakdown(breakdowns=breakdowns(scope))
    compilation = compilation_at(as_of)
    if compilation is None:
        return Counted(None, scope, period, (), with_durations)
    cells = Cell.objects.visible_to(principal).filter(compilation=compilation, month__range=(period.first, period.last))
    rows = _rows_of(cells, _dimensions(wanted - with_durations) - _dimensions(with_durations), KEYS)
    rows += _rows_of(cells, _dimensions(with_durations), (*KEYS, *DURATIONS))
    return Counted(compilation, scope, period, tuple(rows), with_durations)


def _dimensions(by: Iterable[str]) -> frozenset[str]:
    """The dimensions whose cells a breakdown is made of: the total's for the total and for months."""
    return frozenset(Dimension.NONE.value if one in {"", MONTH} else one for one in by)


def _rows_of(cells: CellQuerySet, dimensions: Iterable[str], columns: Sequence[str]) -> list[dict[str, Any]]:
    wanted = sorted(dimensions)
    if not wanted:
        return []
    return list(cells.filter(dimension__in=wanted).order_by("month", "dimension", "value").values(*columns))


def indicator(
    principal: Principal, id: str, *, from_month: date, to_month: date, by: str = "", as_of: datetime | None = None
) -> IndicatorResult:
    """One indicator over whole months, both included, in total and along one breakdown (`by`).

    Raises `PermissionDenied`, and `Refused` for an unknown indicator, breakdown or period.
    """
    if id not in CATALOGUE:
        raise UnknownIndicator(indicators=tuple(CATALOGUE))
    try:
        period = Period.of(from_month, to_month)
    except ValueError as error:
        raise UnknownPeriod from error
    definition = CATALOGUE[id]
    wanted = {"", by}
    found = counted(principal, period, by=wanted, timed=wanted if definition.timed else (), as_of=as_of)
    return measured(found, definition, by=by)


def measured(found: Counted, definition: Definition, *, by: str = "") -> IndicatorResult:
    """One indicator of what was counted already. Rows come in the order of their numbers of items; months in theirs."""
    if definition.timed and not {"", by} <= found.timed:
        raise ValueError("These counts were read without their durations.")
    compilation = found.compilation
    return IndicatorResult(
        definition=definition,
        version=compilation.definition if compilation else None,
        as_of=compilation.as_of if compilation else None,
        scope=found.scope,
        period=found.period,
        by=by,
        total=definition.measure(found.total()) if compilation else Figure(),
        rows=_rows(found, definition, by) if compilation and by else (),
    )


def _rows(found: Counted, definition: Definition, by: str) -> tuple[Row, ...]:
    counts, hidden = found.along(by), found.hidden(by)
    labels = labels_of(by, counts)
    keys = list(counts) if by == MONTH else sorted(counts, key=lambda key: (-counts[key].sent_items, labels[key]))
    return tuple(
        Row(key, labels[key], SUPPRESSED if key in hidden else definition.measure(counts[key])) for key in keys
    )

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext

from apps.portal.charts.scales import number
from apps.portal.presenters.dashboard_tiles import in_words
from apps.statistics.counts import Counts
from apps.statistics.dimensions import Dimension
from apps.statistics.indicators import CATALOGUE, Exclusion
from apps.statistics.labels import labels_of
from apps.statistics.selectors import Counted

SHORT_LIST = 10


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """One platform (or sender); without cells where disclosure control keeps its figures back."""

    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartnerTable:
    """`total`: how many rows there are; `hidden`: how many of them show no figures."""

    title: str
    partner: str
    columns: tuple[str, ...]
    rows: tuple[PartnerRow, ...]
    total: int
    hidden: int


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator with everything it was made of, in words."""

    id: str
    name: str | Promise
    value: str
    numerator: str
    numerator_words: str | Promise
    denominator: str
    denominator_words: str | Promise
    exclusions: tuple[str, ...]
    note: str | Promise


def partner_table(found: Counted, partner: Dimension, *, every: bool) -> PartnerTable:
    along, hidden = found.along(partner), found.hidden(partner)
    labels = labels_of(partner, along)
    keys = sorted(along, key=lambda key: (-along[key].sent_items, labels[key]))
    shown = keys if every else keys[:SHORT_LIST]
    return PartnerTable(
        title=gettext("Platforms") if partner is Dimension.PLATFORM else gettext("Senders"),
        partner=str(partner.label),
        columns=(
            gettext("Items"),
            gettext("Decided"),
            gettext("Response rate, %"),
            gettext("Removed, % of decided"),
            gettext("Median, h"),
            gettext("90 % within, h"),
            gettext("Overdue"),
        ),
        rows=tuple(PartnerRow(labels[key], () if key in hidden else _cells(along[key])) for key in shown),
        total=len(keys),
        hidden=len(hidden),
    )


def _cells(counts: Counts) -> tuple[str, ...]:
    response, removal, time = (CATALOGUE[id].measure(counts) for id in ("I5", "I9", "I7"))
    shares = (figure.value * 100 if figure.value is not None else None for figure in (response, removal))
    return (
        number(counts.sent_items),
        number(counts.decided),
        *(one_decimal(share) for share in shares),
        one_decimal(time.value),
        one_decimal(time.part("p90").value),
        number(counts.overdue),
    )


def one_decimal(value: float | None) -> str:
    """With its decimal even where that is 0: the figures of a column stand in line."""
    return number(None) if value is None else number_format(round(value, 1), decimal_pos=1, force_grouping=True)


def lines_of_indicators(found: Counted) -> list[Line]:
    """Every indicator of the period with its numerator, its denominator and what was left out."""
    counts, lines = found.total(), []
    for definition in CATALOGUE.values():
        figure = definition.measure(counts)
        value, unit = in_words(figure.value, definition.unit)
        lines.append(
            Line(
                id=definition.id,
                name=definition.name,
                value=f"{value}\N{NO-BREAK SPACE}{unit}" if unit else value,
                numerator=number(figure.numerator) if figure.numerator is not None else "",
                numerator_words=definition.numerator,
                denominator=number(figure.denominator) if figure.denominator is not None else "",
                denominator_words=definition.denominator,
                exclusions=tuple(
                    f"{number(count)} {Exclusion(key).label}" for key, count in figure.exclusions if count
                ),
                note=definition.note,
            )
        )
    return lines

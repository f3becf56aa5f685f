from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.portal.charts import sparkline
from apps.portal.charts.scales import number
from apps.portal.presenters.tiles import Change, Tile
from apps.statistics.counts import Counts
from apps.statistics.dimensions import MONTH
from apps.statistics.indicators import CATALOGUE, Unit
from apps.statistics.measures import Figure
from apps.statistics.selectors import Counted

SMALLEST_COMPARED, GREATEST_CHANGE = 5, 10  # items, times


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One tile. `better`: 1 where more is better, -1 where less is, 0 where neither; None: no comparison holds."""

    id: str
    label: str | Promise
    made_of: Callable[[Figure, Counts], str]
    better: int | None = 0


def _filings(_figure: Figure, counts: Counts) -> str:
    unsent = counts.referrals - counts.sent_referrals
    if unsent:
        return gettext("%(count)s of them not sent") % {"count": number(unsent)}
    return gettext("in %(count)s cases") % {"count": number(counts.cases)} if counts.cases else ""


def _delivered(_figure: Figure, counts: Counts) -> str:
    return gettext("%(count)s delivered") % {"count": number(counts.delivered)}


def _items(figure: Figure, _counts: Counts) -> str:
    return gettext("%(part)s of %(all)s items") % {
        "part": number(figure.numerator),
        "all": number(figure.denominator),
    }


def _decided(figure: Figure, _counts: Counts) -> str:
    return gettext("%(part)s of %(all)s decided items") % {
        "part": number(figure.numerator),
        "all": number(figure.denominator),
    }


def _spread(figure: Figure, _counts: Counts) -> str:
    return gettext("%(all)s decided items, 90 %% within %(p90)s h") % {
        "all": number(figure.denominator),
        "p90": number(figure.part("p90").value),
    }


def _open(_figure: Figure, counts: Counts) -> str:
    return gettext("of %(count)s open items") % {"count": number(counts.undecided)}


KEY_FIGURES: Sequence[KeyFigure] = (
    KeyFigure("I1", _("Referrals"), _filings),
    KeyFigure("I2", _("Items"), _delivered),
    KeyFigure("I5", _("Response rate"), _items, better=1),
    KeyFigure("I9", _("Removed, of decided items"), _decided),
    KeyFigure("I7", _("Median time to decision"), _spread, better=-1),
    KeyFigure("I13", _("Decided within 24 hours"), _items, better=1),
    KeyFigure("I3", _("Delivered with proof of receipt"), _items, better=1),
    KeyFigure("I23", _("Open past the due time"), _open, better=None),
)


def key_figures(found: Counted, before: Counted) -> list[Tile]:
    """The tiles of a period, each compared with as many months right before it."""
    now, earlier, by_month = found.total(), before.total(), list(found.along(MONTH).values())
    return [_tile(one, now, earlier, by_month) for one in KEY_FIGURES]


def _tile(key: KeyFigure, now: Counts, earlier: Counts, by_month: Sequence[Counts]) -> Tile:
    definition = CATALOGUE[key.id]
    figure = definition.measure(now)
    series = [definition.measure(counts).value for counts in by_month]
    value, unit = in_words(figure.value, definition.unit)
    return Tile(
        label=key.label,
        value=value,
        unit=unit,
        change=None
        if key.better is None
        else _change(figure, definition.measure(earlier), definition.unit, key.better),
        definition=key.made_of(figure, now) if figure.value is not None else gettext("nothing to measure yet"),
        sparkline=sparkline([point for point in series if point is not None]),
    )


def in_words(value: float | None, unit: Unit) -> tuple[str, str]:
    """A value and its unit as people read them; nothing known is a dash without a unit."""
    if value is None:
        return number(None), ""
    if unit is Unit.SHARE:
        return number(value * 100), "%"
    return number(value), gettext("h") if unit is Unit.HOURS else ""


def _change(figure: Figure, earlier: Figure, unit: Unit, better: int) -> Change | None:
    """Shares move by percentage points, everything else by per cent. None where it would say nothing."""
    base = earlier.numerator if earlier.denominator is None else earlier.denominator
    if figure.value is None or not earlier.value or (base or 0) < SMALLEST_COMPARED:
        return None
    if figure.value > earlier.value * GREATEST_CHANGE:
        return None
    difference = figure.value - earlier.value
    if unit is Unit.SHARE:
        size = round(abs(difference) * 100, 1)
        several = 1 if size == 1 else 2
        text = ngettext("%(count)s point", "%(count)s points", several) % {"count": number(size)}
    else:
        size = round(abs(difference) / earlier.value * 100)
        text = gettext("%(count)s %%") % {"count": number(size)}
    if not size:
        return Change(text, "flat")
    is_up = difference > 0
    return Change(text, "up" if is_up else "down", (is_up == (better > 0)) if better else None)

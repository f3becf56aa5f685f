from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from apps.portal.charts import (
    Area,
    Bar,
    DataTable,
    Figure,
    Series,
    Spread,
    choropleth,
    dumbbell,
    horizontal_bars,
    stacked_columns,
)
from apps.portal.charts.scales import number
from apps.statistics.counts import Counts
from apps.statistics.dimensions import MONTH, Dimension
from apps.statistics.indicators import CATALOGUE
from apps.statistics.labels import labels_of
from apps.statistics.measures import BUCKETS
from apps.statistics.selectors import Counted
from apps.taxonomy.territories import MEMBER_STATES

MOST_BARS, MOST_SPREADS = 6, 12
BUCKET_LABELS = {
    "0_1h": _("Up to 1 hour"),
    "1_24h": _("1 to 24 hours"),
    "24_48h": _("24 to 48 hours"),
    "2_7d": _("2 to 7 days"),
    "over_7d": _("More than 7 days"),
    "none": _("No decision yet"),
}
TITLES = {
    Dimension.INSTRUMENT: _("Items by instrument"),
    Dimension.CATEGORY: _("Items by category"),
    Dimension.PLATFORM: _("Items by platform"),
    Dimension.SIZE_CLASS: _("Items by size of the platform"),
    Dimension.SENDER: _("Items by sender"),
    Dimension.COUNTRY: _("Items by Member State of the sender"),
    Dimension.URGENCY: _("Items by urgency"),
    Dimension.LANGUAGE: _("Items by language of the content"),
}


def by_month(found: Counted) -> Figure:
    months = found.along(MONTH)
    counts = list(months.values())
    return stacked_columns(
        "by-month",
        title=gettext("Items by month and outcome"),
        labels=[month_on_axis(date.fromisoformat(f"{key}-01")) for key in months],
        series=[
            Series(gettext("Removed"), tuple(one.removed for one in counts)),
            Series(gettext("Restricted"), tuple(one.restricted for one in counts)),
            Series(gettext("No action"), tuple(one.refused + one.other for one in counts)),
            Series(gettext("Still open"), tuple(still_open(one) for one in counts)),
        ],
        first_column=gettext("Month"),
    )


def month_on_axis(month: date) -> str:
    return date_format(month, pgettext("short month format", "M y"))


def still_open(counts: Counts) -> int:
    """Sent and neither decided nor taken back, whether the receipt is proven or not."""
    return counts.sent_items - counts.withdrawn - counts.decided


def by_value(found: Counted, by: str) -> Figure:
    """The largest as bars, the rest together; the table has them all."""
    shown, dimension = _shown(found, by), Dimension(by).label
    labels = labels_of(by, shown)
    bars = [Bar(labels[key], counts.sent_items) for key, counts in shown.items()]
    rest = sum(bar.value for bar in bars[MOST_BARS:])
    figure = horizontal_bars(
        "by-value",
        title=str(TITLES[Dimension(by)]),
        bars=[*bars[:MOST_BARS], *([Bar(gettext("Others"), rest)] if rest else [])],
        name_column=str(dimension),
        value_column=gettext("Items"),
    )
    whole = DataTable(figure.table.columns, tuple((bar.name, number(bar.value)) for bar in bars))
    return replace(figure, table=whole)


def by_time(found: Counted) -> Figure:
    figure = CATALOGUE["I13"].measure(found.total())
    parts = [figure.part(key) for key, _counted in BUCKETS]
    return horizontal_bars(
        "by-time",
        title=gettext("Time from receipt to decision"),
        bars=[Bar(f"{BUCKET_LABELS[part.key]} ({number(part.numerator)})", (part.value or 0) * 100) for part in parts],
        unit="%",
        name_column=gettext("Time (items)"),
        value_column=gettext("Share of items"),
    )


def by_member_state(found: Counted) -> Figure:
    shown = _shown(found, Dimension.COUNTRY)
    codes = list(dict.fromkeys([*(state.value for state in MEMBER_STATES), *shown]))
    labels = labels_of(Dimension.COUNTRY, codes)
    return choropleth(
        "by-member-state",
        title=str(TITLES[Dimension.COUNTRY]),
        areas=[Area(code, labels[code], shown[code].sent_items if code in shown else None) for code in codes],
        value_column=gettext("Items"),
    )


def times_by_partner(found: Counted, partner: Dimension) -> Figure:
    shown, measure = _shown(found, partner), CATALOGUE["I7"].measure
    labels = labels_of(partner, shown)
    timed = [(labels[key], measure(counts)) for key, counts in shown.items() if counts.decided][:MOST_SPREADS]
    return dumbbell(
        "times",
        title=gettext("Hours from receipt to decision"),
        spreads=[Spread(name, figure.value or 0, figure.part("p90").value or 0) for name, figure in timed],
        name_column=str(partner.label),
    )


def _shown(found: Counted, by: str) -> Mapping[str, Counts]:
    """A breakdown, largest first, without the rows that disclosure control keeps back."""
    along, hidden = found.along(by), found.hidden(by)
    keys: Sequence[str] = sorted(along, key=lambda key: (-along[key].sent_items, key))
    return {key: along[key] for key in keys if key not in hidden and along[key].sent_items}

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from apps.portal.charts.figures import DataTable, Figure, LegendEntry, Slot
from apps.portal.charts.scales import Scale, nice_ticks, number
from apps.portal.charts.svg import drawing, element, group, shortened

ROW, AXIS, RIGHT = 32, 26, 28


@dataclass(frozen=True, slots=True)
class Spread:
    """One row: half are done within `median`, nine of ten within `p90`."""

    name: str
    median: float
    p90: float


def dumbbell(
    key: str,
    *,
    title: str,
    spreads: Sequence[Spread],
    unit: str = "h",
    name_column: str = "",
    label_width: int = 132,
    width: int = 640,
) -> Figure:
    """Median and 90th percentile side by side, one row per name."""
    has_data = any(spread.p90 > 0 for spread in spreads)
    median, p90 = gettext("Median"), gettext("90 % within")
    return Figure(
        key=key,
        title=title,
        table=DataTable(
            columns=(name_column or gettext("Name"), f"{median}, {unit}", f"{p90}, {unit}"),
            rows=tuple((one.name, number(one.median), number(one.p90)) for one in spreads),
        ),
        drawing=_draw(key, title, spreads, unit, label_width, width) if has_data else SafeString(),
        legend=(LegendEntry("dot", median), LegendEntry("ring", p90)),
        slot=Slot.WIDE if width >= 600 else Slot.NARROW,
    )


def _draw(key: str, title: str, spreads: Sequence[Spread], unit: str, label_width: int, width: int) -> SafeString:
    height = ROW * len(spreads) + AXIS
    ticks = nice_ticks(max(spread.p90 for spread in spreads))
    x = Scale(ticks[-1], start=label_width, end=width - RIGHT)
    children = _grid(ticks, x, height, unit)
    children += [_row(spread, index * ROW + ROW / 2, x, unit) for index, spread in enumerate(spreads)]
    description = "; ".join(_sentence(spread, unit) for spread in spreads) + "."
    return drawing(key, width=width, height=height, title=title, description=description, children=children)


def _grid(ticks: Sequence[float], x: Scale, height: int, unit: str) -> list[SafeString]:
    lines = []
    for tick in ticks:
        lines.append(element("line", class_="grid", x1=x(tick), x2=x(tick), y1=2, y2=height - AXIS))
        label = f"{number(tick)}\N{NO-BREAK SPACE}{unit}"
        lines.append(element("text", label, class_="axis", x=x(tick), y=height - 8, text_anchor="middle"))
    return lines


def _row(spread: Spread, y: float, x: Scale, unit: str) -> SafeString:
    left, right = sorted((x(spread.median), x(spread.p90)))
    name = shortened(spread.name, width=x.start - 14)
    return group(
        [
            element("title", _sentence(spread, unit)),
            element("text", name, class_="label", x=x.start - 14, y=y + 4, text_anchor="end"),
            element("line", class_="range", x1=left, x2=right, y1=y, y2=y),
            element("circle", class_="s1", cx=x(spread.median), cy=y, r=5.5),
            element("circle", class_="ring", cx=x(spread.p90), cy=y, r=4.5),
        ]
    )


def _sentence(spread: Spread, unit: str) -> str:
    return gettext("%(name)s: median %(median)s %(unit)s, 90 %% within %(p90)s %(unit)s") % {
        "name": spread.name,
        "median": number(spread.median),
        "p90": number(spread.p90),
        "unit": unit,
    }

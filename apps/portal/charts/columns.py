from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from apps.portal.charts.figures import DataTable, Figure, LegendEntry, Slot
from apps.portal.charts.scales import Scale, nice_ticks, number
from apps.portal.charts.svg import drawing, element, group

LEFT, RIGHT, TOP, BOTTOM = 44, 6, 10, 26
LABEL_ROOM = 52
GAP = 1


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of the stack; `values` run along the labels."""

    name: str
    values: tuple[float, ...]


def stacked_columns(
    key: str,
    *,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    first_column: str = "",
    width: int = 720,
    height: int = 260,
) -> Figure:
    """Amounts over time, split into at most four parts."""
    totals = [sum(one.values[index] for one in series) for index in range(len(labels))]
    has_data = any(totals)
    return Figure(
        key=key,
        title=title,
        table=_table(labels, series, first_column),
        drawing=_draw(key, title, labels, series, totals, width, height) if has_data else SafeString(),
        legend=tuple(LegendEntry(f"s{index}", one.name) for index, one in enumerate(series, start=1)),
        slot=Slot.WIDE if width >= 600 else Slot.NARROW,
    )


def _draw(
    key: str,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    totals: list[float],
    width: int,
    height: int,
) -> SafeString:
    ticks = nice_ticks(max(totals))
    y = Scale(ticks[-1], start=height - BOTTOM, end=TOP)
    room = (width - LEFT - RIGHT) / len(labels)
    every = max(1, round(LABEL_ROOM / room + 0.49))
    children = _grid(ticks, y, width)
    for index, label in enumerate(labels):
        middle = LEFT + room * (index + 0.5)
        children.append(
            _column(label, [(one.name, one.values[index]) for one in series], y, middle, min(34, room * 0.62))
        )
        if (len(labels) - 1 - index) % every == 0:
            children.append(element("text", label, class_="axis", x=middle, y=height - 8, text_anchor="middle"))
    description = gettext("Stacked columns from %(first)s to %(last)s. In total: %(totals)s.") % {
        "first": labels[0],
        "last": labels[-1],
        "totals": "; ".join(f"{one.name} {number(sum(one.values))}" for one in series),
    }
    return drawing(key, width=width, height=height, title=title, description=description, children=children)


def _grid(ticks: Sequence[float], y: Scale, width: int) -> list[SafeString]:
    lines = []
    for tick in ticks:
        lines.append(element("line", class_="grid", x1=LEFT, x2=width - RIGHT, y1=y(tick), y2=y(tick)))
        lines.append(element("text", number(tick), class_="axis", x=LEFT - 8, y=y(tick) + 4, text_anchor="end"))
    return lines


def _column(label: str, parts: list[tuple[str, float]], y: Scale, middle: float, width: float) -> SafeString:
    below, rects = 0.0, []
    for index, (name, value) in enumerate(parts, start=1):
        if value <= 0:
            continue
        top, foot = y(below + value), y(below)
        below += value
        tooltip = element("title", f"{label}, {name}: {number(value)}")
        height = max(0.5, foot - top - GAP)
        rects.append(
            element(
                "rect", tooltip, class_=f"s{index}", x=middle - width / 2, y=top, width=width, height=height, rx=1.5
            )
        )
    return group(rects)


def _table(labels: Sequence[str], series: Sequence[Series], first_column: str) -> DataTable:
    return DataTable(
        columns=(first_column or gettext("Period"), *(one.name for one in series)),
        rows=tuple((label, *(number(one.values[index]) for one in series)) for index, label in enumerate(labels)),
    )

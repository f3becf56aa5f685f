from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from apps.portal.charts.figures import DataTable, Figure, Slot
from apps.portal.charts.scales import Scale, number
from apps.portal.charts.svg import drawing, element, group, shortened

ROW, BAR = 44, 12
VALUE_ROOM = 70


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: a name and how much."""

    name: str
    value: float


def horizontal_bars(
    key: str,
    *,
    title: str,
    bars: Sequence[Bar],
    unit: str = "",
    name_column: str = "",
    value_column: str = "",
    width: int = 340,
) -> Figure:
    """Amounts by name, in the order given. Names stand above the bars, so that long ones fit."""
    has_data = any(bar.value > 0 for bar in bars)
    return Figure(
        key=key,
        title=title,
        table=DataTable(
            columns=(name_column or gettext("Name"), value_column or gettext("Number")),
            rows=tuple((bar.name, _amount(bar.value, unit)) for bar in bars),
        ),
        drawing=_draw(key, title, bars, unit, width) if has_data else SafeString(),
        slot=Slot.WIDE if width >= 600 else Slot.NARROW,
    )


def _draw(key: str, title: str, bars: Sequence[Bar], unit: str, width: int) -> SafeString:
    x = Scale(max(bar.value for bar in bars), start=0, end=width)
    description = "; ".join(f"{bar.name} {_amount(bar.value, unit)}" for bar in bars) + "."
    return drawing(
        key,
        width=width,
        height=ROW * len(bars),
        title=title,
        description=description,
        children=[_row(bar, index * ROW, x, unit, width) for index, bar in enumerate(bars)],
    )


def _row(bar: Bar, top: float, x: Scale, unit: str, width: int) -> SafeString:
    amount = _amount(bar.value, unit)
    bar_top = top + 22
    return group(
        [
            element("title", f"{bar.name}: {amount}"),
            element("text", shortened(bar.name, width=width - VALUE_ROOM), class_="label", x=0, y=top + 15),
            element("text", amount, class_="value", x=width, y=top + 15, text_anchor="end"),
            element("rect", class_="track", x=0, y=bar_top, width=width, height=BAR, rx=2),
            element("rect", class_="s1", x=0, y=bar_top, width=max(x(bar.value), 0), height=BAR, rx=2),
        ]
    )


def _amount(value: float, unit: str) -> str:
    return f"{number(value)}\N{NO-BREAK SPACE}{unit}" if unit else number(value)

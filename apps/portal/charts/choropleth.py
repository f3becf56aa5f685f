from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from apps.portal.charts.europe import EuropeMap, State, load_map
from apps.portal.charts.figures import DataTable, Figure, LegendEntry, Slot
from apps.portal.charts.scales import number
from apps.portal.charts.svg import drawing, element, group

CLASSES = 5
NO_DATA = "q0"
MARKER_RADIUS = 6


@dataclass(frozen=True, slots=True)
class Area:
    """One member state by its ISO 3166-1 code (Greece may also come as EL); None: nothing known."""

    code: str
    name: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Classes:
    """Up to five classes with about equally many states each; `starts` are their lowest values."""

    starts: tuple[float, ...]
    ends: tuple[float, ...]

    def of(self, value: float | None) -> str:
        """The CSS class of a value. The darkest is always the highest, however few classes there are."""
        if value is None or not self.starts:
            return NO_DATA
        return f"q{bisect_right(self.starts, value) + CLASSES - len(self.starts)}"


def choropleth(key: str, *, title: str, areas: Sequence[Area], name_column: str = "", value_column: str = "") -> Figure:
    """A map of the Union, or its table alone where the map was not built."""
    ranked = sorted(areas, key=lambda area: (-(area.value or 0), area.name))
    known = [area.value for area in areas if area.value is not None]
    classes, europe = classes_of(known), load_map()
    can_draw = europe is not None and any(known)
    return Figure(
        key=key,
        title=title,
        table=DataTable(
            columns=(name_column or gettext("Member state"), value_column or gettext("Number")),
            rows=tuple((area.name, number(area.value)) for area in ranked),
        ),
        drawing=_draw(key, title, ranked, classes, europe) if europe is not None and can_draw else SafeString(),
        slot=Slot.MAP,
        legend=_legend(classes, has_gaps=len(known) < len(areas)) if can_draw else (),
        note="" if europe is not None else gettext("The map is not available here; the table has all figures."),
    )


def classes_of(values: Sequence[float]) -> Classes:
    """Quantiles over the distinct values, so that equal states always share a class."""
    distinct = sorted(set(values))
    count = min(CLASSES, len(distinct))
    firsts = [len(distinct) * index // count for index in range(count)] if count else []
    starts = tuple(distinct[first] for first in firsts)
    ends = tuple(distinct[following - 1] for following in (*firsts[1:], len(distinct))) if count else ()
    return Classes(starts, ends)


def _draw(key: str, title: str, ranked: Sequence[Area], classes: Classes, europe: EuropeMap) -> SafeString:
    by_code = {"GR" if area.code == "EL" else area.code: area for area in ranked}
    outlines, markers = [], []
    for code, state in sorted(europe.states.items()):
        area = by_code.get(code, Area(code, code, None))
        tooltip = element("title", f"{area.name}: {number(area.value)}")
        css = classes.of(area.value)
        outlines.append(element("path", tooltip, class_=css, d=state.path))
        if state.is_small:
            markers.append(_marker(state, tooltip, css))
    neighbours = [element("path", d=path) for path in europe.neighbours]
    most = ", ".join(f"{area.name} {number(area.value)}" for area in ranked[:3])
    description = gettext("Map of the 27 member states. Highest: %(most)s.") % {"most": most}
    children = [group(neighbours, class_="land"), group(outlines, class_="states"), group(markers, class_="states")]
    return drawing(
        key, width=europe.width, height=europe.height, title=title, description=description, children=children
    )


def _marker(state: State, tooltip: SafeString, css: str) -> SafeString:
    return element("circle", tooltip, class_=css, cx=state.x, cy=state.y, r=MARKER_RADIUS)


def _legend(classes: Classes, *, has_gaps: bool) -> tuple[LegendEntry, ...]:
    entries = [
        LegendEntry(classes.of(start), number(start) if start == end else f"{number(start)}–{number(end)}")
        for start, end in zip(classes.starts, classes.ends, strict=True)
    ]
    if has_gaps:
        entries.append(LegendEntry(NO_DATA, gettext("No figures")))
    return tuple(entries)

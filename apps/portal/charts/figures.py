from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.safestring import SafeString


class Slot(StrEnum):
    """The room a figure gets. A wide one gives way to its table where its labels would become unreadable."""

    NARROW = "narrow"
    WIDE = "wide"
    MAP = "map"


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """`swatch` is a CSS class: s1…s4 (series), q0…q5 (map), dot, ring."""

    swatch: str
    label: str


@dataclass(frozen=True, slots=True)
class DataTable:
    """The chart's numbers in words. The first cell of a row is its heading."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with what has to stand beside it. Without a `drawing` there is nothing to see, or `note` says why."""

    key: str
    title: str
    table: DataTable
    drawing: SafeString = field(default_factory=SafeString)
    legend: tuple[LegendEntry, ...] = ()
    slot: Slot = Slot.NARROW
    note: str = ""

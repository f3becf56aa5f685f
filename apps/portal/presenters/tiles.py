"""Page data of the larger components."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise
from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure moved. `is_good` decides the colour, the direction decides the arrow."""

    text: str
    direction: str  # up, down, flat
    is_good: bool | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """One key figure. `definition` says what is counted, e.g. `412 of 530 items`."""

    label: str | Promise
    value: str
    unit: str = ""
    change: Change | None = None
    note: str | Promise = ""
    definition: str | Promise = ""
    sparkline: SafeString = field(default_factory=SafeString)
    url: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One page of a sequence. `state`: done, current, next."""

    label: str | Promise
    state: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a timeline."""

    at: datetime
    actor: str
    text: str | Promise
    symbol: str = "circle-dot"
    tone: str = "neutral"
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One link of a tab row."""

    label: str | Promise
    url: str
    is_current: bool = False
    count: int | str | None = None  # words where counting stopped: "1,000+"


@dataclass(frozen=True, slots=True)
class Chip:
    """One active filter; `url` is the page without it."""

    label: str
    url: str

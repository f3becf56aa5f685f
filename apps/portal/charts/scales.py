import math
from dataclasses import dataclass

from django.utils import formats

_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps 0…`maximum` onto `start`…`end` of the drawing."""

    maximum: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (self.end - self.start) * value / self.maximum


def nice_ticks(maximum: float, *, count: int = 4) -> tuple[float, ...]:
    """Round numbers from 0 to just above `maximum`, about `count` of them."""
    if maximum <= 0:
        return (0, 1)
    raw = maximum / count
    power = 10 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in _STEPS if factor * power >= raw * 0.999999)
    return tuple(round(index * step, 9) for index in range(math.ceil(maximum / step - 1e-9) + 1))


def number(value: float | None, *, decimals: int = 1) -> str:
    """A figure in the reader's language: whole numbers whole, others with `decimals`; nothing known is a dash."""
    if value is None:
        return "–"
    places = 0 if float(value).is_integer() else decimals
    return formats.number_format(round(value, places), decimal_pos=places, use_l10n=True, force_grouping=True)

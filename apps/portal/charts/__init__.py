"""Charts drawn on the server as plain SVG: no script, safe under a strict CSP, they print as they are.

Colours are CSS classes (`static/ui/charts.css`), so theme, forced colours and print apply. Every function takes
plain data and returns a `Figure`: drawing, legend and the same numbers as a table. `{% figure %}` shows one.
"""

from apps.portal.charts.bars import Bar, horizontal_bars
from apps.portal.charts.choropleth import Area, choropleth
from apps.portal.charts.columns import Series, stacked_columns
from apps.portal.charts.dumbbell import Spread, dumbbell
from apps.portal.charts.figures import DataTable, Figure, LegendEntry, Slot
from apps.portal.charts.sparkline import sparkline

__all__ = [
    "Area",
    "Bar",
    "DataTable",
    "Figure",
    "LegendEntry",
    "Series",
    "Slot",
    "Spread",
    "choropleth",
    "dumbbell",
    "horizontal_bars",
    "sparkline",
    "stacked_columns",
]

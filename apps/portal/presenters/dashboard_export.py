"""The figures as a file: one line for each value, with all that is needed to quote it or to count it again."""

import csv
from collections.abc import Iterator
from io import StringIO

from apps.portal.presenters.dashboard import PARTNERS
from apps.referrals.intake.cells import guarded
from apps.statistics.dimensions import MONTH
from apps.statistics.indicators import CATALOGUE
from apps.statistics.measures import Figure, Part
from apps.statistics.selectors import Counted, IndicatorResult, measured

HEADINGS = (
    "indicator",
    "name",
    "from",
    "to",
    "by",
    "key",
    "label",
    "part",
    "value",
    "unit",
    "numerator",
    "denominator",
    "exclusions",
    "suppressed",
    "as_of",
    "definition_version",
)


def figures_csv(found: Counted, *, by: str) -> bytes:
    """Every indicator in total, by month, by the breakdown on the page and by platform (or sender).

    Headings are the API's words and the same in every language; a value that cannot be given is empty, never 0.
    """
    out = StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADINGS)
    for breakdown in dict.fromkeys(["", MONTH, PARTNERS[found.scope].value, by]):
        for definition in CATALOGUE.values():
            if definition.timed and breakdown not in found.timed:
                continue
            result = measured(found, definition, by=breakdown)
            writer.writerows([guarded(cell) for cell in line] for line in _lines(result))
    return out.getvalue().encode("utf-8-sig", "replace")


def _lines(result: IndicatorResult) -> Iterator[list[str]]:
    if not result.by:
        yield from _values(result, "", "", result.total)
    for row in result.rows:
        yield from _values(result, row.key, row.label, row.figure)


def _values(result: IndicatorResult, key: str, label: str, figure: Figure) -> Iterator[list[str]]:
    whole = Part("", figure.value, figure.numerator, figure.denominator)
    exclusions = "; ".join(f"{name}={count}" for name, count in figure.exclusions)
    for part in (whole, *figure.parts):
        yield [
            result.definition.id,
            str(result.definition.name),
            f"{result.period.first:%Y-%m}",
            f"{result.period.last:%Y-%m}",
            result.by,
            key,
            label,
            part.key,
            _cell(part.value),
            result.definition.unit.value,
            _cell(part.numerator),
            _cell(part.denominator),
            exclusions,
            "true" if figure.suppressed else "false",
            result.as_of.isoformat() if result.as_of else "",
            _cell(result.version),
        ]


def _cell(value: float | None) -> str:
    return "" if value is None else str(value)

"""Rows that were not filed, as a file to mend and send again."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO
from typing import Any

from apps.referrals.intake.cells import guarded
from apps.referrals.intake.tables import RESULT_COLUMNS


@dataclass(frozen=True, slots=True)
class Reject:
    """`given`: the row as it was sent, a dictionary of its columns or fields."""

    given: Any
    result: str
    code: str
    detail: str


def write_rejects(rejects: Iterable[Reject], *, delimiter: str = ",") -> bytes:
    """CSV (UTF-8 with a mark, for spreadsheets): all columns as sent, then what was wrong. `read_table` reads it."""
    listed = [(_columns(reject.given), reject) for reject in rejects]
    headers = list(dict.fromkeys(name for given, _reject in listed for name in given if name not in RESULT_COLUMNS))
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow([*map(guarded, headers), *RESULT_COLUMNS])
    for given, reject in listed:
        cells = [_text(given.get(name)) for name in headers]
        writer.writerow([guarded(cell) for cell in (*cells, reject.result, reject.code, reject.detail)])
    return out.getvalue().encode("utf-8-sig", "replace")


def _columns(given: Any) -> dict[str, Any]:
    return given if isinstance(given, dict) else {"url": given}


def _text(value: Any) -> str:
    return "" if value is None else str(value)

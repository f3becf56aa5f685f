"""A platform's own export of statements of reasons: JSON in the database's format, or CSV with its fields as headings.

Fields that the format does not know are left unread; some of them help to find the item a statement is about.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Refused
from apps.core.references import normalise
from apps.referrals.intake.decoding import decoded
from apps.referrals.intake.tables import read_table
from apps.referrals.statements.shape import EAN_13, FIELDS, Kind

MOST_ROWS = 5000
STATEMENTS = "statements"
ADDRESSES = ("url", "content_url", "address")
NUMBERS = ("item", "platform_reference", "reference", "notice_reference")

_REFERENCE = re.compile(r"I-(?:[0-9A-Z]{4}-){2,3}[0-9A-Z](?![0-9A-Z])", re.IGNORECASE)
_LIST = re.compile(r"[,;|\s]+")
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]\d{2}:\d{2}.*", re.ASCII)


class ExportRefused(Refused):
    """The whole file cannot be read; nothing of it was."""

    def __init__(self, code: str):
        super().__init__(_REFUSALS[code])
        self.code = code


_REFUSALS = {
    "not_json": _("This is no valid JSON. Send the file as your system or the Transparency Database wrote it."),
    "no_statements": _("There are no statements in this file. Send a list of them, or a table with their fields."),
    "too_many_statements": _("The file has more than 5,000 statements. Split it, and send the parts one by one."),
}


@dataclass(frozen=True, slots=True)
class ExportRow:
    """`line`: where it stands in the file, from 1. `given`: as it came, in texts. `numbers`: what may name the item."""

    line: int
    statement: Any
    given: Mapping[str, str]
    url: str
    numbers: Sequence[str]

    @property
    def references(self) -> Sequence[str]:
        """References of items that stand in the puid or beside it, as they are written properly."""
        found = (normalise(one) for text in self.numbers for one in _REFERENCE.findall(text))
        return list(dict.fromkeys(one for one in found if one))

    @property
    def puid(self) -> str:
        return str(self.statement.get("puid", ""))[:500] if isinstance(self.statement, dict) else ""


def read_export(content: bytes) -> Sequence[ExportRow]:
    """Raises `ExportRefused` or `TableRefused` for a file that holds no statements; a bad one is a row all the same."""
    text, _encoding = decoded(content)
    rows = _of_json(text) if text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["} else _of_table(content)
    if not rows:
        raise ExportRefused("no_statements")
    if len(rows) > MOST_ROWS:
        raise ExportRefused("too_many_statements")
    return rows


def _of_json(text: str) -> Sequence[ExportRow]:
    try:
        whole = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        raise ExportRefused("not_json") from None
    if isinstance(whole, dict):
        whole = whole[STATEMENTS] if isinstance(whole.get(STATEMENTS), list) else [whole]
    return [_row(place, one) for place, one in enumerate(whole, start=1)]


def _row(line: int, one: Any) -> ExportRow:
    if not isinstance(one, dict):
        return ExportRow(line, one, {"value": _as_text(one)}, "", ())
    statement = {name: value for name, value in one.items() if name in FIELDS}
    return _found(line, statement, {name: _as_text(value) for name, value in one.items()})


def _of_table(content: bytes) -> Sequence[ExportRow]:
    table = read_table(content)
    headers = [header.strip().lower() for header in table.headers]
    if "puid" not in headers:
        raise ExportRefused("no_statements")
    rows = []
    for row in table.rows:
        given = dict(zip(headers, row.cells, strict=True))
        known = {name: _value(name, cell.strip()) for name, cell in given.items() if name in FIELDS and cell.strip()}
        rows.append(_found(row.line, known, given))
    return rows


def _found(line: int, statement: dict[str, Any], given: Mapping[str, str]) -> ExportRow:
    numbers = [str(statement.get("puid", "")), *(given[name] for name in NUMBERS if given.get(name))]
    url = next((given[name] for name in ADDRESSES if given.get(name)), "")
    return ExportRow(line, statement, given, url.strip(), [one.strip() for one in numbers if one.strip()])


def _value(name: str, cell: str) -> Any:
    kind = FIELDS[name].kind
    if kind is Kind.CODES:
        return _list(cell)
    if kind is Kind.DAY:
        return _TIME.sub(r"\1", cell)
    if kind is Kind.CONTENT_ID:
        return _json(cell) if cell.startswith("{") else {EAN_13: cell}
    return cell


def _list(cell: str) -> Any:
    return _json(cell) if cell.startswith("[") else [one for one in _LIST.split(cell) if one]


def _json(cell: str) -> Any:
    """What a cell holds as JSON; the cell as it is where it is none, for the rules to speak about."""
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return cell


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

"""Rows of a filing, from the API, a table or the paste box: `Row` where readable, else `BadRow` with its problems."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from apps.referrals.intake.addresses import Address, read_address
from apps.referrals.intake.dates import DateFormat, read_date
from apps.referrals.intake.problems import RowCode, RowError, shown
from apps.taxonomy.languages import CONTENT_LANGUAGES
from apps.taxonomy.statements import ContentType
from apps.taxonomy.variants import read_language

LIMITS = {"external_id": 100, "account": 200, "note": 2000}
FIELDS = ("url", "external_id", "content_type", "content_language", "account", "published_on", "note")

_FIELDS = frozenset(FIELDS)
_CONTENT_TYPES = {value.removeprefix("CONTENT_TYPE_"): value for value in ContentType.values}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_BREAK = re.compile(r"[\t\r\n]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(slots=True)
class Row:
    """`index` counts from 0 in the list as it was sent. `given` is the row as sent, fit for JSON."""

    index: int
    address: Address
    given: Any
    external_id: str = ""
    content_type: str = ""
    content_language: str = ""
    account: str = ""
    published_on: date | None = None
    note: str = ""


@dataclass(slots=True)
class BadRow:
    """A row that cannot be filed, with everything that is wrong with it."""

    index: int
    given: Any
    problems: list[RowError]


def read_rows(items: Sequence[Any], *, today: date) -> list[Row | BadRow]:
    """Items of the API or of the paste box; one result per item, in order."""
    return [read_row(index, item, today=today) for index, item in enumerate(items)]


def read_row(
    index: int, fields: Any, *, today: date, given: Any = None, dates: DateFormat = DateFormat.ISO
) -> Row | BadRow:
    """`given`: the row as sent, where that is not `fields` themselves (a table's own columns)."""
    given = fields if given is None else given
    if not isinstance(fields, dict):
        return BadRow(index, storable(given), [RowError(RowCode.NOT_AN_OBJECT)])
    problems: list[RowError] = []
    address = _address(fields.get("url"), problems)
    if len(fields) == 1 and address:
        return Row(index, address, given)
    if not fields.keys() <= _FIELDS:
        problems += [
            RowError(RowCode.UNKNOWN_FIELD, shown(str(name)), shown(str(name)), known=", ".join(FIELDS))
            for name in fields
            if name not in _FIELDS
        ]
    text = partial(_text, fields, problems)
    row = Row(
        index,
        address,  # type: ignore[arg-type]  # a row without an address has a problem, so it is not returned
        given,
        external_id=text("external_id"),
        content_type=_content_type(text("content_type"), problems),
        content_language=_language(text("content_language"), problems),
        account=text("account"),
        published_on=_published_on(text("published_on"), problems, today, dates),
        note=text("note"),
    )
    return BadRow(index, storable(given), problems) if problems else row


def storable(given: Any) -> Any:
    """The same with what PostgreSQL's JSON cannot hold made visible: NUL, and halves of surrogate pairs."""
    if isinstance(given, str):
        return given if given.isprintable() else _SURROGATE.sub(_readable, given).replace("\0", "␀")
    if isinstance(given, Mapping):
        return {storable(str(name)): storable(value) for name, value in given.items()}
    if isinstance(given, list | tuple):
        return [storable(value) for value in given]
    return given


def _readable(surrogate: re.Match[str]) -> str:
    """A byte that was not UTF-8 (`surrogateescape`) as Windows would show it, so that a person can mend the row."""
    code = ord(surrogate[0])
    return bytes([code - 0xDC00]).decode("cp1252", "replace") if 0xDC80 <= code <= 0xDCFF else "�"


def _address(value: Any, problems: list[RowError]) -> Address | None:
    found: Address | RowError
    if isinstance(value, str):
        found = read_address(value)
    else:
        found = RowError(RowCode.ADDRESS_MISSING if value is None else RowCode.WRONG_TYPE, "url")
    if isinstance(found, RowError):
        problems.append(found)
        return None
    return found


def _text(fields: Mapping[str, Any], problems: list[RowError], name: str) -> str:
    value = fields.get(name)
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        problems.append(RowError(RowCode.WRONG_TYPE, name))
        return ""
    if not value.isprintable() and (problem := _unprintable(name, value)):
        problems.append(problem)
        return ""
    value = value.strip()
    limit = LIMITS.get(name, 100)
    if len(value) > limit:
        problems.append(RowError(RowCode.TOO_LONG, name, limit=limit))
        return ""
    return value


def _unprintable(name: str, value: str) -> RowError | None:
    if _SURROGATE.search(value):
        return RowError(RowCode.NOT_UTF8, name)
    if _CONTROL.search(value) or (name != "note" and _LINE_BREAK.search(value.strip())):
        return RowError(RowCode.CONTROL_CHARACTER, name)
    return None


def _content_type(value: str, problems: list[RowError]) -> str:
    if not value:
        return ""
    code = _CONTENT_TYPES.get(value.upper().removeprefix("CONTENT_TYPE_"), "")
    if not code:
        known = ", ".join(ContentType.values)
        problems.append(RowError(RowCode.UNKNOWN_CONTENT_TYPE, "content_type", shown(value), known))
    return code


def _language(value: str, problems: list[RowError]) -> str:
    if not value:
        return ""
    code = value.lower()
    if code in CONTENT_LANGUAGES:
        return code
    language = read_language(value)
    if language is None:
        problems.append(RowError(RowCode.UNKNOWN_LANGUAGE, "content_language", shown(value)))
        return ""
    return language.value


def _published_on(value: str, problems: list[RowError], today: date, dates: DateFormat) -> date | None:
    if not value:
        return None
    day = read_date(value, dates)
    if day is None:
        problems.append(RowError(RowCode.DATE_INVALID, "published_on", shown(value), dates.pattern))
    elif day > today:
        problems.append(RowError(RowCode.DATE_IN_FUTURE, "published_on", day.isoformat()))
    return day

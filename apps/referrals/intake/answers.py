"""Rows of a file of answers: the exported worklist with its outcome columns filled in, or any table like it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from apps.core.references import normalise
from apps.referrals.answers import FAMILIES, Answer
from apps.referrals.intake.dates import DateFormat, read_date
from apps.referrals.intake.problems import RowCode, RowError, shown
from apps.referrals.intake.rows import storable
from apps.referrals.intake.tables import Table, TableRow
from apps.taxonomy.outcomes import Outcome, RefusalReason
from apps.taxonomy.statements import AutomatedDecision, DecisionGround

MAX_ANSWERS = 10_000
FIELDS = (
    "item",
    "outcome",
    "refusal_reason",
    "forwarded_to",
    "ground",
    "legal_ground",
    "explanation",
    "acted_at",
    "automated_detection",
    "automated_decision",
    "territorial_scope",
    "restrictions",
    "platform_reference",
)
LIMITS = {"explanation": 2000, "legal_ground": 500, "forwarded_to": 200, "platform_reference": 200}
_NAMES = {
    "item": ("reference", "item reference"),
    "outcome": ("decision", "result of the check"),
    "refusal_reason": ("reason",),
    "legal_ground": ("provision", "clause"),
    "explanation": ("comment", "remarks"),
    "acted_at": ("time of the action", "date of the action"),
    "platform_reference": ("own reference", "our reference"),
}
_VOCABULARIES: Mapping[str, Iterable[Any]] = {
    "outcome": Outcome,
    "refusal_reason": RefusalReason,
    "ground": DecisionGround,
    "automated_decision": AutomatedDecision,
    "restrictions": [code for family in FAMILIES for code in family],
}
_YES, _NO = {"yes", "true", "1"}, {"no", "false", "0"}
_SEPARATORS = re.compile(r"[\s,;|]+")
_TIME = re.compile(r"(\d{1,2}):(\d{2})\s*$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class AnswerColumns:
    """`columns`: field → place of its column, from 0."""

    columns: Mapping[str, int]
    dates: DateFormat = DateFormat.ISO

    def as_json(self) -> dict[str, Any]:
        return {"columns": dict(self.columns), "dates": self.dates.value}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "AnswerColumns":
        columns = {name: int(place) for name, place in stored.get("columns", {}).items() if name in FIELDS}
        return cls(columns, DateFormat(stored.get("dates", DateFormat.ISO)))


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """`index` from 0; `given`: the row as sent. Neither answer nor problems: nobody has filled in an outcome."""

    index: int
    line: int
    given: Mapping[str, str]
    answer: Answer | None = None
    problems: Sequence[RowError] = ()


def suggest_answer_columns(table: Table) -> AnswerColumns:
    """A first proposal, from the headers, for a person to correct."""
    places = {_plain(header): place for place, header in reversed(list(enumerate(table.headers)))}
    columns: dict[str, int] = {}
    for field in FIELDS:
        names = (field.replace("_", " "), *_NAMES.get(field, ()))
        place = next((places[name] for name in names if name in places), None)
        if place is not None and place not in columns.values():
            columns[field] = place
    return AnswerColumns(columns)


def read_answer_rows(table: Table, mapping: AnswerColumns) -> list[AnswerRow]:
    """One result per row of the table, in order. Codes are checked by the rules of answering, not here."""
    words = {name: _words(vocabulary) for name, vocabulary in _VOCABULARIES.items()}
    return [_read(index, row, table, mapping, words) for index, row in enumerate(table.rows)]


def _read(
    index: int, row: TableRow, table: Table, mapping: AnswerColumns, words: Mapping[str, Mapping[str, str]]
) -> AnswerRow:
    given = storable(dict(zip(table.headers, row.cells, strict=False)))
    if row.problem:
        return AnswerRow(index, row.line, given, problems=[row.problem])
    cells = {name: row.cells[place].strip() for name, place in mapping.columns.items() if place < len(row.cells)}
    if not cells.get("outcome"):
        return AnswerRow(index, row.line, given)
    problems = [problem for name, cell in cells.items() if (problem := _unfit(name, cell))]
    facts = _facts(cells, mapping.dates, words, problems)
    if problems:
        return AnswerRow(index, row.line, given, problems=problems)
    return AnswerRow(index, row.line, given, Answer(**facts))


def _facts(
    cells: Mapping[str, str], dates: DateFormat, words: Mapping[str, Mapping[str, str]], problems: list[RowError]
) -> dict[str, Any]:
    facts: dict[str, Any] = {name: cell for name, cell in cells.items() if cell}
    if "item" not in facts:
        problems.append(RowError(RowCode.ITEM_MISSING, "item"))
    facts["item"] = normalise(facts.get("item", "")) or facts.get("item", "")
    for name in ("outcome", "refusal_reason", "ground", "automated_decision"):
        if name in facts:
            facts[name] = _code(facts[name], words[name])
    if "restrictions" in facts:
        facts["restrictions"] = tuple(_code(one, words["restrictions"]) for one in _split(facts["restrictions"]))
    if "territorial_scope" in facts:
        facts["territorial_scope"] = tuple(one.upper() for one in _split(facts["territorial_scope"]))
    if "automated_detection" in facts:
        facts["automated_detection"] = _truth(facts["automated_detection"], problems)
    if "acted_at" in facts:
        facts["acted_at"] = _moment(facts["acted_at"], dates, problems)
    return facts


def _unfit(name: str, cell: str) -> RowError | None:
    if _CONTROL.search(cell):
        return RowError(RowCode.CONTROL_CHARACTER, name)
    limit = LIMITS.get(name, 1000)
    return RowError(RowCode.TOO_LONG, name, limit=limit) if len(cell) > limit else None


def _code(value: str, words: Mapping[str, str]) -> str:
    """An official code in any case, without its first words, or as it is called; anything else as it came."""
    return words.get(_plain(value), value)


def _words(vocabulary: Iterable[Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in vocabulary:
        short = re.sub(r"^(DECISION_GROUND|AUTOMATED_DECISION|DECISION)_", "", one.value)
        for name in (one.value, short, str(one.label)):
            found.setdefault(_plain(name), one.value)
    return found


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold().replace("_", " ")))


def _split(value: str) -> list[str]:
    return [one for one in _SEPARATORS.split(value) if one]


def _truth(value: str, problems: list[RowError]) -> bool | None:
    word = value.casefold()
    if word in _YES | _NO:
        return word in _YES
    problems.append(RowError(RowCode.NOT_YES_OR_NO, "automated_detection", shown(value)))
    return None


def _moment(value: str, dates: DateFormat, problems: list[RowError]) -> datetime | None:
    """A time with its zone, or one where the person is; a day alone is its beginning."""
    try:
        found: datetime | None = datetime.fromisoformat(value)
    except ValueError:
        day, clock = read_date(value, dates), _TIME.search(value)
        hours, minutes = (int(clock[1]), int(clock[2])) if clock else (0, 0)
        found = datetime.combine(day, time(hours, minutes)) if day and hours < 24 and minutes < 60 else None
    if found is None:
        problems.append(RowError(RowCode.TIME_INVALID, "acted_at", shown(value), dates.pattern))
        return None
    return found if timezone.is_aware(found) else timezone.make_aware(found)

"""A file of answers on its way: what it holds, what would become of each row, where the person stands."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.portal.presenters.pages import Page, page_of
from apps.portal.presenters.status import Mark
from apps.portal.presenters.tiles import Step, Tab
from apps.referrals import services
from apps.referrals.intake.answers import AnswerColumns, AnswerRow, read_answer_rows, suggest_answer_columns
from apps.referrals.intake.rejects import Reject, write_rejects
from apps.referrals.intake.tables import Table, read_table
from apps.referrals.models import AnswerSheet
from apps.referrals.services import SheetRow

PAGE_SIZE = 100
WAITING = 20
REFUSED = "refused"
TAKEN = ("decided", "corrected")
MARKS: Mapping[str, Mark] = {
    "decided": Mark("good", "circle-check", _("Ready")),
    "corrected": Mark("wait", "rotate-ccw", _("Corrects an earlier answer")),
    REFUSED: Mark("bad", "circle-x", _("Not taken")),
    "empty": Mark("neutral", "minus", _("No outcome given")),
}
DONE: Mapping[str, Mark] = {
    "decided": Mark("good", "circle-check", _("Recorded")),
    "corrected": Mark("wait", "rotate-ccw", _("Corrected")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `number` is the line of the file."""

    number: int
    item: str
    outcome: str
    mark: Mark
    words: str | Promise


@dataclass(frozen=True, slots=True)
class Run:
    """Every row with its result; `page` and `lines` are those on view. `is_done`: recorded, not tried out."""

    counts: Mapping[str, int]
    lines: Sequence[Line]
    page: Page[tuple[AnswerRow, SheetRow]]
    tabs: Sequence[Tab]
    is_done: bool

    @property
    def ready(self) -> int:
        return sum(self.counts.get(result, 0) for result in TAKEN)

    @property
    def refused(self) -> int:
        return self.counts.get(REFUSED, 0)

    @property
    def empty(self) -> int:
        return self.counts.get("empty", 0)


def sheets_of(by: Principal) -> Sequence[AnswerSheet]:
    """Files of the organisation, newest first; their bytes stay in the database."""
    rows = AnswerSheet.objects.filter(organisation_id=by.organisation_id).defer("content", "results")
    return list(rows.order_by("-created_at", "-pk")[:WAITING])


def table_of(sheet: AnswerSheet) -> Table:
    return read_table(bytes(sheet.content))


def columns_of(sheet: AnswerSheet, table: Table) -> AnswerColumns:
    """As chosen before, or as the headers suggest."""
    return AnswerColumns.from_json(sheet.mapping) if sheet.mapping else suggest_answer_columns(table)


def rows_of(sheet: AnswerSheet) -> Sequence[AnswerRow]:
    table = table_of(sheet)
    return read_answer_rows(table, columns_of(sheet, table))


def run_of(sheet: AnswerSheet, *, result: str, number: str, by: Principal, at: datetime) -> Run:
    """What recording the file would do now, or has done."""
    pairs = _pairs(sheet, by=by, at=at)
    counts = Counter(one.result for _row, one in pairs)
    chosen = [pair for pair in pairs if not result or pair[1].result == result]
    page = page_of(chosen, number=number, size=PAGE_SIZE, total=len(chosen))
    is_done = sheet.answered_at is not None
    marks = {**MARKS, **DONE} if is_done else MARKS
    lines = [_line(row, one, marks) for row, one in page.rows]
    return Run(counts, lines, page, _tabs(counts, marks, result), is_done)


def rejects_csv(sheet: AnswerSheet, *, by: Principal, at: datetime) -> bytes:
    """The rows that were not taken, as they came, each with its reason."""
    pairs = _pairs(sheet, by=by, at=at)
    refused = [Reject(row.given, one.result, one.code, one.detail) for row, one in pairs if one.result == REFUSED]
    return write_rejects(refused)


def steps(sheet: AnswerSheet | None, *, at: int) -> Sequence[Step]:
    """Choose, describe, check: `at` is the place from 0."""
    is_open = sheet is not None and sheet.answered_at is None
    urls = ["", reverse("portal:sheet", args=[sheet.key]) if sheet and is_open and at == 2 else "", ""]
    labels = (_("Choose a file"), _("Say what it holds"), _("Check and record"))
    states = ["done" if place < at else "current" if place == at else "next" for place in range(3)]
    return [Step(label, state, url) for label, state, url in zip(labels, states, urls, strict=True)]


def _pairs(sheet: AnswerSheet, *, by: Principal, at: datetime) -> Sequence[tuple[AnswerRow, SheetRow]]:
    rows, kept = rows_of(sheet), [SheetRow(*one) for one in sheet.results]
    results = kept if sheet.answered_at else services.try_sheet(rows, by=by, at=at)
    return list(zip(rows, results, strict=True))


def _line(row: AnswerRow, one: SheetRow, marks: Mapping[str, Mark]) -> Line:
    answer = row.answer
    item = answer.item if answer else next(iter(row.given.values()), "")
    return Line(row.line, item[:60], answer.outcome[:60] if answer else "", marks[one.result], one.detail)


def _tabs(counts: Mapping[str, int], marks: Mapping[str, Mark], result: str) -> Sequence[Tab]:
    every = Tab(_("All rows"), "?", is_current=not result, count=sum(counts.values()))
    chosen = [value for value in marks if counts.get(value)]
    return [every, *(Tab(marks[value].label, f"?result={value}", value == result, counts[value]) for value in chosen)]

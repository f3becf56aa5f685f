"""A file of answers on its way: kept, described, tried out, recorded once, or thrown away."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.audit.models import Operation
from apps.audit.services import record
from apps.core.errors import Conflict, Refused
from apps.referrals.intake.answers import MAX_ANSWERS, AnswerRow
from apps.referrals.intake.tables import read_table
from apps.referrals.models import AnswerSheet
from apps.referrals.services.answering import Answered, answer, preview_answers

NAME_LENGTH = 200
EMPTY, REFUSED = "empty", "refused"
CHANNEL = "csv"


class SheetAnswered(Conflict):
    code = "sheet_answered"
    message = _("The answers of this file are recorded already. Upload a new file to answer more.")


class SheetTooLong(Refused):
    code = "sheet_too_long"
    message = _("The file has more than 10,000 rows. Split it, and send the parts one after the other.")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """What becomes of one row: `decided`, `corrected`, `refused`, or `empty` where nobody has filled in an outcome."""

    result: str
    code: str = ""
    detail: str = ""

    def as_json(self) -> list[str]:
        return [self.result, self.code, self.detail]


@transaction.atomic
def keep_sheet(*, name: str, content: bytes, by: Principal, at: datetime) -> AnswerSheet:
    """Keep a file that can be read as a table; raises `TableRefused` for any other, and `SheetTooLong`."""
    if len(read_table(content).rows) > MAX_ANSWERS:
        raise SheetTooLong
    sheet = AnswerSheet.objects.create(
        organisation_id=by.organisation_id,
        key=uuid.uuid4(),
        name=name[-NAME_LENGTH:],
        content=content,
        created_at=at,
        created_by_id=by.user_id,
    )
    _record("answer_sheet.kept", sheet, Operation.COLLECT, by=by, at=at)
    return sheet


@transaction.atomic
def describe_sheet(sheet: AnswerSheet, *, mapping: dict[str, Any], by: Principal, at: datetime) -> AnswerSheet:
    """Note which column holds what; may be changed until the answers are recorded."""
    sheet = _lock(sheet)
    sheet.mapping = mapping
    sheet.save(update_fields=["mapping"])
    _record("answer_sheet.described", sheet, Operation.ALTER, by=by, at=at)
    return sheet


def try_sheet(rows: Sequence[AnswerRow], *, by: Principal, at: datetime) -> list[SheetRow]:
    """What recording the rows now would do; changes nothing."""
    return _told(rows, preview_answers([row.answer for row in rows if row.answer], by=by, at=at))


@transaction.atomic
def answer_sheet(sheet: AnswerSheet, rows: Sequence[AnswerRow], *, by: Principal, at: datetime) -> AnswerSheet:
    """Record the answers of a file, once; good rows are taken whatever the others are."""
    sheet = _lock(sheet)
    answered = answer([row.answer for row in rows if row.answer], channel=CHANNEL, by=by, at=at)
    sheet.results = [one.as_json() for one in _told(rows, answered)]
    sheet.answered_at = at
    sheet.save(update_fields=["results", "answered_at"])
    _record("answer_sheet.answered", sheet, Operation.ALTER, by=by, at=at)
    return sheet


@transaction.atomic
def discard_sheet(sheet: AnswerSheet, *, by: Principal, at: datetime) -> None:
    """Throw the file away; answers that were recorded from it stay."""
    _record("answer_sheet.discarded", sheet, Operation.ERASE, by=by, at=at)
    sheet.delete()


def _told(rows: Sequence[AnswerRow], answered: Sequence[Answered]) -> list[SheetRow]:
    """One result per row: why it could not be read, or what answering said."""
    said = iter(answered)
    return [_one(row, next(said) if row.answer else None) for row in rows]


def _one(row: AnswerRow, answered: Answered | None) -> SheetRow:
    if row.problems:
        sentences = " ".join(str(problem.detail) for problem in row.problems)
        return SheetRow(REFUSED, row.problems[0].code.value, sentences)
    if answered is None:
        return SheetRow(EMPTY)
    if answered.code is None:
        return SheetRow(answered.result)
    return SheetRow(REFUSED, answered.code.value, answered.detail or str(answered.code.label))


def _lock(sheet: AnswerSheet) -> AnswerSheet:
    sheet = AnswerSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
    if sheet.answered_at:
        raise SheetAnswered
    return sheet


def _record(verb: str, sheet: AnswerSheet, operation: Operation, *, by: Principal, at: datetime) -> None:
    record(
        verb,
        operation=operation,
        organisation_id=by.organisation_id,
        target_type="answer_sheet",
        target=str(sheet.key),
        by=by,
        at=at,
    )

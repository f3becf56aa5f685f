"""A platform's own export of statements: kept, tried out, used once to answer what is open, or thrown away."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.audit.models import Operation
from apps.audit.services import record
from apps.core.errors import Conflict
from apps.referrals.answers import Answer
from apps.referrals.intake.exports import read_export
from apps.referrals.models import StatementExport
from apps.referrals.services.answering import REFUSED, Answered, answer
from apps.referrals.services.loading import load_statements
from apps.referrals.services.matching import Match, MatchResult, as_json, match_export

NAME_LENGTH = 200
BATCH = 1000


class ExportUsed(Conflict):
    code = "export_used"
    message = _("This file has been used already. What became of its rows stands on its page.")


@transaction.atomic
def keep_export(*, name: str, content: bytes, by: Principal, at: datetime) -> StatementExport:
    """Keep a file that holds statements; raises `ExportRefused` or `TableRefused` for any other."""
    read_export(content)
    export = StatementExport.objects.create(
        organisation_id=by.organisation_id,
        key=uuid.uuid4(),
        name=name.replace("\0", "")[-NAME_LENGTH:],
        content=content,
        created_at=at,
        created_by_id=by.person_id,
    )
    _record("statement_export.kept", export, Operation.COLLECT, by=by, at=at)
    return export


def results_of(export: StatementExport, *, by: Principal, at: datetime) -> Sequence[dict[str, Any]]:
    """What became of each row, or, of a file that was not used yet, what would become of it now."""
    if export.used_at:
        found: Sequence[dict[str, Any]] = export.results
        return found
    return [as_json(one) for one in match_export(read_export(bytes(export.content)), by=by, at=at)]


@transaction.atomic
def use_export(export: StatementExport, *, by: Principal, at: datetime) -> StatementExport:
    """Answer what the rows are about, once, with their statements; what matched nothing is left over and not kept.

    Items that were answered or closed since the dry run are left over as well, each with its reason.
    """
    export = _lock(export)
    matches = match_export(read_export(bytes(export.content)), by=by, at=at)
    wanted = [one for one in matches if one.result is MatchResult.ANSWERED]
    load_statements([one.row.statement for one in wanted], by=by, at=at)
    answers = [each for one in wanted for each in one.answers]
    answered = [each for batch in _batches(answers) for each in answer(batch, channel="export", by=by, at=at)]
    refused = {one.item: one for one in answered if one.result == REFUSED}
    export.results = [as_json(_settled(one, refused)) for one in matches]
    export.used_at, export.content = at, b""
    export.save(update_fields=["results", "used_at", "content"])
    _record("statement_export.used", export, Operation.ALTER, by=by, at=at)
    return export


@transaction.atomic
def discard_export(export: StatementExport, *, by: Principal, at: datetime) -> None:
    export = _lock(export)
    _record("statement_export.discarded", export, Operation.ERASE, by=by, at=at)
    export.delete()


def _batches(answers: Sequence[Answer]) -> Sequence[Sequence[Answer]]:
    return [answers[start : start + BATCH] for start in range(0, len(answers), BATCH)]


def _settled(match: Match, refused: dict[str, Answered]) -> Match:
    """A match whose answers were all refused after all is left over."""
    said = [refused[one.item] for one in match.answers if one.item in refused]
    if not said or len(said) < len(match.answers):
        return match
    reason = said[0].detail or (str(said[0].code.label) if said[0].code else "")
    return Match(match.row, MatchResult.INVALID, reason, match.items)


def _lock(export: StatementExport) -> StatementExport:
    export = StatementExport.objects.select_for_update(of=("self",)).get(pk=export.pk)
    if export.used_at:
        raise ExportUsed
    return export


def _record(verb: str, export: StatementExport, operation: Operation, *, by: Principal, at: datetime) -> None:
    record(
        verb,
        operation=operation,
        organisation_id=by.organisation_id,
        target_type="statement_export",
        target=str(export.key),
        by=by,
        at=at,
    )

"""An uploaded file on its way to a case: what it holds, what would become of it, where the person stands."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.portal.presenters.masking import is_masked
from apps.portal.presenters.pages import Page, page_of
from apps.portal.presenters.preview import MARKS, Line, lines_of
from apps.portal.presenters.tiles import Step, Tab
from apps.referrals import services
from apps.referrals.intake.addresses import defang
from apps.referrals.intake.mapping import ColumnMapping, read_table_rows, suggest_mapping
from apps.referrals.intake.rejects import Reject, write_rejects
from apps.referrals.intake.rows import BadRow, Row, storable
from apps.referrals.intake.tables import Table, read_table
from apps.referrals.models import Upload
from apps.referrals.services import Filed, Filing, Result, RowResult

SAMPLE = 5
WAITING = 20
CELL = 60
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Described:
    """What a person has said about a file: which column holds what, and what holds for all its rows."""

    mapping: ColumnMapping
    filing: Filing

    def as_json(self) -> dict[str, Any]:
        facts = asdict(self.filing)
        return {"mapping": self.mapping.as_json(), "filing": facts | {"keywords": list(self.filing.keywords)}}


@dataclass(frozen=True, slots=True)
class DryRun:
    """Every row of the file with its result; `lines` are those of one page, `tabs` choose the result."""

    filed: Filed
    lines: Sequence[Line]
    page: Page[RowResult]
    tabs: Sequence[Tab]

    @property
    def ready(self) -> int:
        return self.filed.counts.get(Result.FILED, 0)

    @property
    def left(self) -> int:
        return len(self.filed.rows) - self.ready


def waiting(by: Principal) -> Sequence[Upload]:
    """Files of the organisation that were not filed yet, newest first; their bytes stay in the database."""
    rows = Upload.objects.filter(organisation_id=by.organisation_id, filed_as="").defer("content")
    return list(rows.order_by("-created_at", "-pk")[:WAITING])


def table_of(upload: Upload) -> Table:
    return read_table(bytes(upload.content))


def described(upload: Upload) -> Described | None:
    """None until somebody has said what the columns hold."""
    if not upload.mapping:
        return None
    return Described(ColumnMapping.from_json(upload.mapping["mapping"]), Filing(**upload.mapping["filing"]))


def mapping_of(upload: Upload, table: Table) -> ColumnMapping:
    """The mapping chosen before, or the one that the headers suggest."""
    known = described(upload)
    return known.mapping if known else suggest_mapping(table)


def sample_of(table: Table, mapping: ColumnMapping) -> Sequence[Sequence[str]]:
    """The first rows as they came, each cell cut to what fits, addresses defanged."""
    address = mapping.columns.get("url")
    return [
        [_sample(cell, is_address=place == address) for place, cell in enumerate(row.cells)]
        for row in table.rows[:SAMPLE]
    ]


def _sample(cell: str, *, is_address: bool) -> str:
    text = str(storable(cell))
    readable = defang(text) if is_address or "://" in text else text
    return readable if len(readable) <= CELL else f"{readable[:CELL]}…"


def rows_of(table: Table, mapping: ColumnMapping, *, today: date) -> Sequence[Row | BadRow]:
    return read_table_rows(table, mapping, today=today)


def dry_run(upload: Upload, known: Described, *, result: str, number: str, by: Principal, at: datetime) -> DryRun:
    """What filing the file now would do."""
    table = table_of(upload)
    filed = services.preview(known.filing, rows_of(table, known.mapping, today=localdate(at)), by=by, at=at)
    chosen = [row for row in filed.rows if not result or row.result == result]
    page = page_of(chosen, number=number, size=PAGE_SIZE, total=len(chosen))
    lines = lines_of(
        page.rows,
        numbers=[row.line for row in table.rows],
        hidden=is_masked(known.filing.area),
        column=table.headers[known.mapping.columns["url"]],
        names={referral.platform_slug: referral.platform_name for referral in filed.referrals},
        by=by,
    )
    return DryRun(filed, lines, page, _tabs(filed, result))


def rejects_csv(upload: Upload, known: Described, *, by: Principal, at: datetime) -> bytes:
    """The rows that would not be filed, as they came, each with its reason."""
    table = table_of(upload)
    filed = services.preview(known.filing, rows_of(table, known.mapping, today=localdate(at)), by=by, at=at)
    return write_rejects([_reject(row) for row in filed.rows if row.result is not Result.FILED])


def steps(upload: Upload | None, *, at: int) -> Sequence[Step]:
    """Choose, describe, check: `at` is the place from 0."""
    urls = ["", "", ""]
    if upload and at == 2:
        urls[1] = reverse("portal:upload", args=[upload.key])
    labels = (_("Choose a file"), _("Say what it holds"), _("Check and file"))
    states = ["done" if place < at else "current" if place == at else "next" for place in range(3)]
    return [Step(label, state, url) for label, state, url in zip(labels, states, urls, strict=True)]


def _reject(row: RowResult) -> Reject:
    return Reject(row.given, row.result.value, row.code, str(row.detail))


def _tabs(filed: Filed, result: str) -> Sequence[Tab]:
    every = Tab(_("All rows"), "?", is_current=not result, count=len(filed.rows))
    counts: Mapping[str, int] = filed.counts
    chosen = [(one.value, MARKS[one].label) for one in Result if counts.get(one)]
    return [every, *(Tab(label, f"?result={value}", value == result, counts[value]) for value, label in chosen)]

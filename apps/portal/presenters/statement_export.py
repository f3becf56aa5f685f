"""A platform's own export: what would become of every row, or what became of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.portal.presenters.pages import Page, page_of
from apps.portal.presenters.status import Mark
from apps.portal.presenters.tiles import Tab
from apps.referrals.intake.rejects import Reject, write_rejects
from apps.referrals.models import StatementExport
from apps.referrals.services.matching import MatchResult
from apps.taxonomy.outcomes import Outcome

PAGE_SIZE = 50
MARKS: Mapping[str, Mark] = {
    MatchResult.ANSWERED: Mark("good", "circle-check", _("Would be answered")),
    MatchResult.DECIDED: Mark("neutral", "copy", _("Decided already")),
    MatchResult.UNMATCHED: Mark("wait", "link-2-off", _("No item found")),
    MatchResult.INVALID: Mark("bad", "circle-x", _("Not valid")),
}
DONE = Mark("good", "circle-check", _("Answered"))


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file. `outcome`: what the items were, or would be, answered with."""

    number: int
    puid: str
    mark: Mark
    detail: str
    outcome: str | Promise
    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class ExportPage:
    """`ready`: rows that answer something; `items`: how many items they answer; `left`: the other rows."""

    export: StatementExport
    lines: Sequence[Line]
    page: Page[dict[str, Any]]
    tabs: Sequence[Tab]
    ready: int
    items: int
    left: int

    @property
    def is_used(self) -> bool:
        return self.export.used_at is not None


def export_page(export: StatementExport, results: Sequence[dict[str, Any]], *, result: str, number: str) -> ExportPage:
    counts = Counter(row["result"] for row in results)
    chosen = [row for row in results if not result or row["result"] == result]
    page = page_of(chosen, number=number, size=PAGE_SIZE, total=len(chosen))
    ready = [row for row in results if row["result"] == MatchResult.ANSWERED]
    return ExportPage(
        export=export,
        lines=[_line(row, is_used=export.used_at is not None) for row in page.rows],
        page=page,
        tabs=_tabs(counts, result, is_used=export.used_at is not None),
        ready=len(ready),
        items=sum(len(row["items"]) for row in ready),
        left=len(results) - len(ready),
    )


def leftovers_csv(results: Sequence[dict[str, Any]]) -> bytes:
    """The rows that answered nothing, as they came, each with its reason; it can be mended and loaded again."""
    left = (row for row in results if row["result"] != MatchResult.ANSWERED)
    return write_rejects(Reject(row["given"], row["result"], "", row["detail"]) for row in left)


def _line(row: Mapping[str, Any], *, is_used: bool) -> Line:
    outcome = Outcome(row["outcome"]).label if row["outcome"] in Outcome.values else ""
    return Line(row["line"], row["puid"], _mark(row["result"], is_used=is_used), row["detail"], outcome, row["items"])


def _mark(result: str, *, is_used: bool) -> Mark:
    return DONE if is_used and result == MatchResult.ANSWERED else MARKS[result]


def _tabs(counts: Mapping[str, int], result: str, *, is_used: bool) -> Sequence[Tab]:
    every = Tab(_("All rows"), "?", is_current=not result, count=sum(counts.values()))
    present = [one.value for one in MatchResult if counts.get(one.value)]
    labels = {value: _mark(value, is_used=is_used).label for value in present}
    return [every, *(Tab(labels[value], f"?result={value}", value == result, counts[value]) for value in present)]

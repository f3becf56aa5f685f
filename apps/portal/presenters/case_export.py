"""The addresses of a case with what became of them, as a file for a spreadsheet."""

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import StringIO
from itertools import islice

from django.utils.translation import gettext as _

from apps.accounts.principal import Principal
from apps.portal.presenters.masking import is_masked, shown
from apps.referrals.intake.cells import guarded
from apps.referrals.intake.rejects import Reject, write_rejects
from apps.referrals.models import Case, Item, Leftover
from apps.verification.findings import Standing
from apps.verification.selectors import Verified, standings_of

AT_ONCE = 2000
NAME_UNSAFE = str.maketrans("", "", '"\\/\r\n')


def items_csv(case: Case, *, by: Principal) -> tuple[bytes, int]:
    """The file, and how many rows it has. Addresses are defanged; cells are no formulas to any spreadsheet."""
    out = StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(_headings())
    count = 0
    for cells in _rows(case, by):
        writer.writerow([guarded(cell) for cell in cells])
        count += 1
    return out.getvalue().encode("utf-8-sig", "replace"), count


def leftovers_csv(case: Case) -> tuple[bytes, int]:
    """The rows that became no item, to be mended and sent again."""
    rows = Leftover.objects.filter(case=case).order_by("row")
    rejects = [Reject(row.given, row.result, row.code, row.detail) for row in rows]
    return write_rejects(rejects), len(rejects)


def _headings() -> Sequence[str]:
    return [
        _("Item"),
        _("Referral"),
        _("Platform"),
        _("Your own number"),
        _("Address"),
        _("State"),
        _("Outcome"),
        _("Decided at"),
        _("Due at"),
        _("Verified"),
        _("Verified at"),
    ]


def _rows(case: Case, by: Principal) -> Iterator[Sequence[str]]:
    rows = Item.objects.visible_to(by).filter(referral__case=case).select_related("referral", "recipient")
    found = rows.order_by("row").iterator(chunk_size=AT_ONCE)
    while items := list(islice(found, AT_ONCE)):
        verified = standings_of(items)
        for item in items:
            yield [*_cells(item), *_verified_cells(verified.get(item.pk))]


def _cells(item: Item) -> Sequence[str]:
    return [
        item.reference,
        item.referral.reference,
        item.recipient.name,
        item.external_id,
        shown(item.url, hidden=is_masked(item.referral.area)),
        item.get_state_display(),
        item.get_outcome_display() if item.outcome else "",
        _moment(item.decided_at),
        _moment(item.due_at),
    ]


def _verified_cells(verified: Verified | None) -> Sequence[str]:
    """Where the claimed removal stands, and since when: empty where none is claimed."""
    if verified is None:
        return ["", ""]
    since = verified.gone_at if verified.standing == Standing.VERIFIED_GONE else verified.seen_at or verified.looked_at
    return [str(verified.standing.label), _moment(since)]


def _moment(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""

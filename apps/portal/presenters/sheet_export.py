"""The filtered worklist as a file: what was referred, and empty columns for what was done about it."""

import csv
from collections.abc import Sequence
from datetime import datetime
from io import StringIO

from apps.accounts.principal import Principal
from apps.portal.presenters.masking import is_masked, shown
from apps.referrals.desk import tracking_of
from apps.referrals.intake.answers import FIELDS
from apps.referrals.intake.cells import guarded
from apps.referrals.intake.tables import RESULT_COLUMNS
from apps.referrals.models import Item, Tracking

# Names of the API: the file is for machines as well, and comes back to be read.
ABOUT = (
    "item",
    "referral",
    "sender",
    "instrument",
    "area",
    "category",
    "urgency",
    "due_at",
    "url",
    "account",
    "content_type",
    "content_language",
    "published_on",
    "note",
    "assignee",
    "number",
)
TO_FILL_IN = FIELDS[1:]


def worklist_csv(items: Sequence[Item], *, by: Principal) -> bytes:
    """Addresses as they are, but for material nobody may look at by chance; no cell is a formula to a spreadsheet.

    The last three columns tell our own reader that cells are guarded.
    """
    tracked = tracking_of(by, [item.pk for item in items])
    out = StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([*ABOUT, *TO_FILL_IN, *RESULT_COLUMNS])
    blank = [""] * (len(TO_FILL_IN) + len(RESULT_COLUMNS))
    for item in items:
        writer.writerow([*map(guarded, _cells(item, tracked.get(item.pk))), *blank])
    return out.getvalue().encode("utf-8-sig", "replace")


def _cells(item: Item, tracking: Tracking | None) -> list[str]:
    referral = item.referral
    address = shown(item.url, hidden=True) if is_masked(referral.area) else item.url
    return [
        item.reference,
        referral.reference,
        referral.sender.name,
        referral.instrument,
        referral.area,
        referral.category,
        referral.urgency,
        _moment(item.due_at),
        address,
        item.account,
        item.content_type,
        item.content_language,
        item.published_on.isoformat() if item.published_on else "",
        item.note,
        tracking.assignee.email if tracking and tracking.assignee else "",
        tracking.number if tracking else "",
    ]


def _moment(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""

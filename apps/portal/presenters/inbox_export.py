"""The filtered list of referrals as a file for a spreadsheet."""

import csv
from collections.abc import Sequence
from datetime import datetime
from io import StringIO

from django.utils.translation import gettext as _

from apps.referrals.intake.cells import guarded
from apps.referrals.models import Referral


def referrals_csv(referrals: Sequence[Referral], *, is_sender: bool) -> bytes:
    """One line for each referral; cells are no formulas to any spreadsheet, moments carry their zone."""
    out = StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(_headings(is_sender=is_sender))
    writer.writerows([guarded(cell) for cell in _cells(row, is_sender=is_sender)] for row in referrals)
    return out.getvalue().encode("utf-8-sig", "replace")


def _headings(*, is_sender: bool) -> list[str]:
    parties = [_("Case"), _("Platform")] if is_sender else [_("Sender")]
    facts = [_("Instrument"), _("Area"), _("Category"), _("Urgency"), _("State"), _("Addresses"), _("Answered")]
    moments = [_("Filed at"), _("Sent at"), _("Received at"), _("Due at"), _("Answered at")]
    return [_("Referral"), *parties, *facts, *(moments if is_sender else moments[1:])]


def _cells(row: Referral, *, is_sender: bool) -> list[str]:
    parties = [row.case.reference, row.recipient.name] if is_sender else [row.sender.name]
    facts = [
        row.get_instrument_display(),
        row.get_area_display(),
        row.category,
        row.get_urgency_display(),
        row.get_state_display(),
        str(row.item_count),
        str(row.item_count - row.open_count if row.state != "withdrawn" else 0),
    ]
    moments = [row.filed_at, row.sent_at, row.received_at, row.due_at, row.answered_at]
    written = [_moment(at) for at in (moments if is_sender else moments[1:])]
    return [row.reference, *parties, *map(str, facts), *written]


def _moment(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""

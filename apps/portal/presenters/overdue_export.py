"""The list of what is overdue as a file for a spreadsheet."""

import csv
from collections.abc import Sequence
from datetime import datetime
from io import StringIO

from django.http import QueryDict
from django.utils.translation import gettext as _

from apps.accounts.principal import Principal
from apps.portal.forms.filters import OverdueFilters
from apps.portal.presenters.clock import describe_due
from apps.portal.presenters.overdue import Reminded, age_of, late, reminded
from apps.referrals.intake.cells import guarded
from apps.referrals.models import Referral
from apps.referrals.selectors import DUE


def exported(principal: Principal, parameters: QueryDict, *, at_most: int, at: datetime) -> Sequence[Referral]:
    """The list as it is filtered, the longest overdue first, beyond the page that is shown."""
    filters = OverdueFilters(parameters, principal=principal)
    return list(late(principal, filters, age_of(parameters), at=at).order_by(*DUE.columns())[:at_most])


def overdue_csv(referrals: Sequence[Referral], *, is_sender: bool, at: datetime) -> bytes:
    """One line for each; cells are no formulas to any spreadsheet, moments carry their zone."""
    taken = reminded(referrals, at=at)
    out = StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(_headings(is_sender=is_sender))
    for row in referrals:
        cells = _cells(row, taken.get(row.pk, Reminded()), is_sender=is_sender, at=at)
        writer.writerow([guarded(cell) for cell in cells])
    return out.getvalue().encode("utf-8-sig", "replace")


def _headings(*, is_sender: bool) -> list[str]:
    parties = [_("Case"), _("Platform")] if is_sender else [_("Sender")]
    facts = [_("Instrument"), _("Area"), _("Category"), _("Urgency"), _("State"), _("Addresses"), _("Answered")]
    clock = [_("Received at"), _("Due at"), _("Clock"), _("Reminders"), _("Last reminder at"), _("Last reminder")]
    clock.append(_("Answer announced by"))
    return [_("Referral"), *parties, *facts, *clock]


def _cells(row: Referral, taken: Reminded, *, is_sender: bool, at: datetime) -> list[str]:
    parties = [row.case.reference, row.recipient.name] if is_sender else [row.sender.name]
    facts = [
        row.get_instrument_display(),
        row.get_area_display(),
        row.category,
        row.get_urgency_display(),
        row.get_state_display(),
        str(row.item_count),
        str(row.item_count - row.open_count),
    ]
    words = describe_due(row.due_at, now=at).words if row.due_at else ""
    clock = [_moment(row.received_at), _moment(row.due_at), words, str(taken.count), _moment(taken.last), taken.rung]
    clock.append(_moment(taken.announced))
    return [row.reference, *parties, *map(str, facts), *clock]


def _moment(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""

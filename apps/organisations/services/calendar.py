from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit.models import Operation
from apps.audit.services import Actor, record
from apps.core.errors import Refused
from apps.organisations.calendars import ONE_DAY, WorkingCalendar
from apps.organisations.models import Calendar, Organisation

ENOUGH = 40  # working days in the coming year: with fewer, a target of some days would run for years
MOST_CLOSED = 100


class WorksTooRarely(Refused):
    code = "works_too_rarely"
    message = _("This leaves hardly any working days in the coming year. Add a weekday, or take closed days out.")


class ClosedTooOften(Refused):
    code = "closed_too_often"
    message = _("The list of closed days is full. Take out those that have passed.")


class DayIsOver(Refused):
    code = "day_is_over"
    message = _("This day is not ahead within the next three years. Days that have passed change nothing.")


@transaction.atomic
def set_calendar(  # noqa: PLR0913  the facts of a calendar
    organisation: Organisation,
    *,
    weekdays: Sequence[int],
    opens: time,
    closes: time,
    quiet_from: time,
    quiet_until: time,
    subdivision: str,
    by: Actor,
    at: datetime,
) -> Calendar:
    """Say when the organisation works, and when it is not to be disturbed. Clocks that run keep what they have."""
    row = _row(organisation, at)
    row.weekdays, row.subdivision = sorted(weekdays), subdivision
    row.opens, row.closes, row.quiet_from, row.quiet_until = opens, closes, quiet_from, quiet_until
    _check(organisation, row, at)
    _save(row, organisation, {"weekdays": row.weekdays, "subdivision": subdivision}, by=by, at=at)
    return row


@transaction.atomic
def close_on(organisation: Organisation, *, day: date, by: Actor, at: datetime) -> Calendar:
    """Name a day on which the organisation is closed besides public holidays; a second time changes nothing."""
    row = _row(organisation, at)
    today = WorkingCalendar.of(organisation).day_of(at)
    if not today <= day <= today + 1096 * ONE_DAY:
        raise DayIsOver
    if day in row.closed_on:
        return row
    if len(row.closed_on) >= MOST_CLOSED:
        raise ClosedTooOften
    row.closed_on = sorted([*row.closed_on, day])
    _check(organisation, row, at)
    _save(row, organisation, {"closed_on": day.isoformat()}, by=by, at=at)
    return row


@transaction.atomic
def open_on(organisation: Organisation, *, day: date, by: Actor, at: datetime) -> Calendar:
    """Take a closed day back; one that is not listed changes nothing."""
    row = _row(organisation, at)
    if day in row.closed_on:
        row.closed_on = [one for one in row.closed_on if one != day]
        _save(row, organisation, {"open_on": day.isoformat()}, by=by, at=at)
    return row


def _row(organisation: Organisation, at: datetime) -> Calendar:
    """The organisation's row, locked; made where it has none yet."""
    Calendar.objects.get_or_create(organisation=organisation, defaults={"updated_at": at})
    return Calendar.objects.select_for_update().get(organisation=organisation)


def _check(organisation: Organisation, row: Calendar, at: datetime) -> None:
    """Days are counted by this calendar: it must have some."""
    kept = WorkingCalendar.of(organisation)
    wanted = replace(kept, subdivision=row.subdivision, weekdays=tuple(row.weekdays), closed_on=tuple(row.closed_on))
    first = wanted.day_of(at)
    if sum(wanted.is_working(first + number * ONE_DAY) for number in range(1, 366)) < ENOUGH:
        raise WorksTooRarely


def _save(row: Calendar, organisation: Organisation, details: dict[str, Any], *, by: Actor, at: datetime) -> None:
    row.updated_at = at
    row.save()
    record(
        "calendar.changed",
        operation=Operation.ADMINISTER,
        organisation_id=organisation.pk,
        target_type="calendar",
        target=organisation.slug,
        details=details,
        by=by,
        at=at,
    )

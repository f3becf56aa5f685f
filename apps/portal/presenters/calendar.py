"""An organisation's working days in words: what is closed, which holidays come, and how two working days count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from apps.accounts.principal import Principal
from apps.organisations.calendars import WorkingCalendar
from apps.organisations.models import Calendar, Organisation
from apps.organisations.permissions import Permission
from apps.organisations.public_holidays import next_holidays, subdivisions_of, working_days_on
from apps.portal.forms.calendar import CalendarForm, ClosedDayForm
from apps.portal.presenters.platforms import country_of

HOLIDAYS = 10


@dataclass(frozen=True, slots=True)
class Day:
    """A day as a person reads it; `key` goes into forms. `is_over`: it changes nothing any more."""

    key: str
    words: str
    name: str = ""
    is_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPage:
    facts: Sequence[tuple[str | Promise, object]]
    hours: Sequence[tuple[str | Promise, object]]
    zone_is_theirs: bool
    may_change: bool
    holidays: Sequence[Day]
    closed: Sequence[Day]
    two_days: str
    form: CalendarForm
    closing: ClosedDayForm


def calendar_page(
    house: Organisation,
    *,
    form: CalendarForm | None = None,
    closing: ClosedDayForm | None = None,
    by: Principal,
    now: datetime,
) -> CalendarPage:
    calendar = WorkingCalendar.of(house)
    today = calendar.day_of(now)
    may_change = by.may(Permission.MANAGE_MEMBERS)
    return CalendarPage(
        facts=[(_("Country"), country_of(house.country)), (_("Time zone"), house.time_zone)],
        hours=_hours(calendar, getattr(house, "calendar", None) or Calendar()),
        zone_is_theirs=house.receives and may_change,
        may_change=may_change,
        holidays=[_day(day, name) for day, name in next_holidays(calendar, after=today, count=HOLIDAYS)],
        closed=[_day(day, is_over=day < today) for day in calendar.closed_on],
        two_days=_two_days(calendar, now),
        form=form or CalendarForm(initial=CalendarForm.initial_of(house), country=house.country),
        closing=closing or ClosedDayForm(),
    )


def _hours(calendar: WorkingCalendar, row: Calendar) -> list[tuple[str | Promise, object]]:
    days = ", ".join(str(WEEKDAYS[number - 1]) for number in calendar.weekdays)
    parts = dict(subdivisions_of(calendar.country))
    told: list[tuple[str | Promise, object]] = [(_("Working days"), days)]
    if calendar.subdivision:
        told.append((_("Part of the country"), parts.get(calendar.subdivision, calendar.subdivision)))
    return [
        *told,
        (_("Open"), _span(row.opens, row.closes)),
        (_("No reminders"), _span(row.quiet_from, row.quiet_until)),
    ]


def _span(first: time, last: time) -> str:
    return _("%(first)s to %(last)s") % {"first": f"{first:%H:%M}", "last": f"{last:%H:%M}"}


def _day(day: date, name: str = "", *, is_over: bool = False) -> Day:
    return Day(day.isoformat(), date_format(day, "l j F Y"), name, is_over)


def _two_days(calendar: WorkingCalendar, now: datetime) -> str:
    last = working_days_on(calendar, at=now, count=2)
    if last is None:
        return _("There are hardly any working days ahead.")
    words = _("What you receive now with a target of 2 working days is due by the end of %(day)s.")
    return words % {"day": date_format(last, "l j F Y")}

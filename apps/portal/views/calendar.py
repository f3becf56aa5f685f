from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.access import need_administrator
from apps.accounts.http import Request
from apps.core.errors import DomainError
from apps.organisations import services
from apps.organisations.access import access_own_house
from apps.organisations.models import Organisation
from apps.portal.forms.calendar import CalendarForm, ClosedDayForm
from apps.portal.presenters.calendar import calendar_page


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: Request) -> HttpResponse:
    """When the organisation works: its people read it, its administrators change it."""
    house = access_own_house(request.principal)
    if request.method != "POST":
        return _page(request, house)
    need_administrator(request.principal)
    form = CalendarForm(request.POST, country=house.country)
    if form.is_valid() and _done(request, form, "weekdays", services.set_calendar, house, **form.cleaned_data):
        messages.success(request, _("The calendar was saved. Clocks that run keep the one they were started under."))
        return redirect("portal:calendar")
    return _page(request, house, status=422, form=form)


@require_POST
def calendar_close(request: Request) -> HttpResponse:
    house = access_own_house(request.principal)
    need_administrator(request.principal)
    closing = ClosedDayForm(request.POST)
    if closing.is_valid() and _done(request, closing, "day", services.close_on, house, **closing.cleaned_data):
        messages.success(request, _("The day is on the list. It is no working day."))
        return redirect("portal:calendar")
    return _page(request, house, status=422, closing=closing)


@require_POST
def calendar_open(request: Request) -> HttpResponse:
    """Take a closed day back; one that is gone already makes no difference."""
    house = access_own_house(request.principal)
    need_administrator(request.principal)
    form = ClosedDayForm(request.POST)
    if form.is_valid() and _done(request, form, "day", services.open_on, house, **form.cleaned_data):
        messages.success(request, _("The day was taken off the list."))
    return redirect("portal:calendar")


def _done(
    request: Request, form: CalendarForm | ClosedDayForm, field: str, act: Callable[..., Any], *args: Any, **facts: Any
) -> bool:
    """Whether it could be done; what is refused is said at the field."""
    try:
        act(*args, **facts, by=request.principal, at=timezone.now())
    except DomainError as problem:
        form.add_error(field, str(problem))
        return False
    return True


def _page(request: Request, house: Organisation, *, status: int = 200, **forms: Any) -> HttpResponse:
    page = calendar_page(house, **forms, by=request.principal, now=timezone.now())
    return render(request, "portal/calendar/calendar.html", {"page": page}, status=status)

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.organisations.permissions import Permission
from apps.portal.forms.dashboard import DashboardForm
from apps.portal.presenters import dashboard as presenter
from apps.portal.presenters.dashboard_export import figures_csv
from apps.portal.responses import csv_response
from apps.referrals.access import need
from apps.statistics.access import access_scope, scope_of


@require_safe
def dashboard(request: Request) -> HttpResponse:
    """The figures that are one's own to see; who neither sends, receives nor oversees learns that there are none."""
    need(request.principal, Permission.VIEW_STATISTICS)
    scope = scope_of(request.principal)
    if scope is None:
        return render(request, "portal/dashboard/without_figures.html")
    form = DashboardForm(request.GET, scope=scope, now=timezone.now())
    every = request.GET.get("rows") == "all"
    page = presenter.dashboard(request.principal, form, scope=scope, every_partner=every)
    return render(request, "portal/dashboard/dashboard.html", {"page": page})


@require_safe
def dashboard_export(request: Request) -> HttpResponse:
    """The figures of the page as a file."""
    scope, now = access_scope(request.principal), timezone.now()
    form = DashboardForm(request.GET, scope=scope, now=now)
    found = presenter.figures_of(request.principal, form, scope)
    name = f"figures-{form.asked.first:%Y-%m}-{form.asked.last:%Y-%m}.csv"
    return csv_response(figures_csv(found, by=form.breakdown), name=name)

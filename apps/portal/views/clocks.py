from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.portal.presenters.clock_table import clock_rows


@require_safe
def clocks(request: Request) -> HttpResponse:
    """The clock table: public facts, for everybody who is signed in."""
    rows = {"running": clock_rows(running=True), "listed": clock_rows(running=False)}
    return render(request, "portal/clocks/clocks.html", rows)

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.access import need_operator
from apps.accounts.http import Request
from apps.portal.presenters.running import running_page


@require_safe
def running(request: Request) -> HttpResponse:
    """Whether everything that runs by itself does, for whoever looks after the installation."""
    need_operator(request.principal)
    page = running_page(refreshes=request.GET.get("refresh") != "no")
    is_part = request.htmx and not request.htmx.history_restore_request
    response = render(request, "portal/running/now.html" if is_part else "portal/running/page.html", {"page": page})
    response["Cache-Control"] = "no-store"
    return response

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import need_administrator
from apps.accounts.http import Request
from apps.core.errors import DomainError
from apps.organisations.permissions import Permission
from apps.portal.presenters.removals import removals_page
from apps.portal.views.readings import note_reading
from apps.referrals.access import need
from apps.verification import services
from apps.verification.egress import egress
from apps.verification.rules import DAYS
from apps.verification.selectors import switch_of


@require_safe
def verification(request: Request) -> HttpResponse:
    """Claimed removals that somebody should look at."""
    now = timezone.now()
    need(request.principal, Permission.FILE_REFERRALS)
    page = removals_page(request.principal, request.GET, at=now)
    note_reading(request, "item.listed", [row.reference for row in page.rows], at=now)
    return render(request, "portal/verification/list.html", {"page": page, "now": now})


@require_safe
def checker(request: Request) -> HttpResponse:
    """Whether the organisation has claimed removals looked at; for its administrators."""
    need_administrator(request.principal)
    context = {"switch": switch_of(request.principal), "egress": egress(), "days": DAYS}
    return render(request, "portal/verification/checker.html", context)


@require_POST
def checker_switch(request: Request) -> HttpResponse:
    need_administrator(request.principal)
    on = request.POST.get("on") == "1"
    try:
        services.switch_checker(on=on, by=request.principal, at=timezone.now())
    except DomainError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Removal checks are on.") if on else _("Removal checks are off."))
    return redirect("portal:checker")

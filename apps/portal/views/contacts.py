"""Whether platforms can be written to; and the page on which a contact says: this is still us."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import Request
from apps.accounts.principal import Principal
from apps.deadlines.unheard import unheard_by
from apps.delivery.contacts import houses
from apps.delivery.services.probing import ProbeUnusable, confirm_contact, find_probe
from apps.organisations.permissions import Permission
from apps.portal.presenters.contacts import contacts_csv, contacts_page
from apps.portal.responses import csv_response


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Following the link shows a page; only the button on it confirms."""
    act = confirm_contact if request.method == "POST" else find_probe
    try:
        probe = act(token, at=timezone.now())
    except ProbeUnusable as problem:
        status = 404 if problem.facts["why"] == "unknown" else 410
        return render(request, "portal/contacts/unusable.html", problem.facts, status=status)
    context = {"point": probe.contact_point, "confirmed": request.method == "POST"}
    return render(request, "portal/contacts/still_you.html", context)


@require_safe
def contacts(request: Request) -> HttpResponse:
    """For whoever writes to platforms. A platform's own contact points, with the same facts, stand with its entry."""
    if request.principal.organisation.receives and request.principal.may(Permission.MANAGE_MEMBERS):
        return redirect("portal:platform-contacts")
    need_reason(request.principal)
    unheard = unheard_by(request.principal, at=timezone.now())
    page = contacts_page(houses(), unheard, everything=bool(request.GET.get("all")))
    return render(request, "portal/contacts/list.html", {"page": page})


@require_safe
def export(request: Request) -> HttpResponse:
    need_reason(request.principal)
    name = f"contacts-{timezone.localdate():%Y-%m-%d}.csv"
    return csv_response(contacts_csv(houses()), name=name)


def need_reason(by: Principal) -> None:
    """Whoever sends needs to know who can be reached, and so does whoever runs an organisation; no other platform."""
    is_sender = by.organisation.sends and by.may(Permission.VIEW_REFERRALS)
    if by.organisation.receives or not (is_sender or by.may(Permission.MANAGE_MEMBERS)):
        raise PermissionDenied

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.organisations.permissions import Permission
from apps.portal.presenters.items import items_page
from apps.portal.presenters.worklist import worklist_page
from apps.portal.views.fragments import render_part
from apps.portal.views.readings import note_reading
from apps.referrals.access import need, side_of
from apps.referrals.transitions import Side

OF_A_SENDER = {"results": "portal/items/results.html", "workspace": "portal/items/workspace.html"}
OF_A_PLATFORM = {"results": "portal/worklist/results.html", "workspace": "portal/worklist/workspace.html"}


@require_safe
def items(request: Request) -> HttpResponse:
    """A platform's worklist; a sender's addresses with what became of them."""
    by, now = request.principal, timezone.now()
    need(by, Permission.VIEW_REFERRALS)
    if side_of(by) is Side.RECIPIENT:
        return _worklist(request)
    page = items_page(by, request.GET, at=now)
    note_reading(request, "item.listed", page.references, at=now)
    return render_part(request, "portal/items/list.html", {"page": page, "now": now}, parts=OF_A_SENDER)


def _worklist(request: Request) -> HttpResponse:
    now = timezone.now()
    page = worklist_page(request.principal, request.GET, at=now)
    note_reading(request, "item.listed", page.references, at=now)
    return render_part(request, "portal/worklist/list.html", {"page": page, "now": now}, parts=OF_A_PLATFORM)

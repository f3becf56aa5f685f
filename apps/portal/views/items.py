from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.organisations.permissions import Permission
from apps.portal.presenters.items import items_page
from apps.portal.views.fragments import render_part
from apps.portal.views.readings import note_reading
from apps.referrals.access import need

PARTS = {"results": "portal/items/results.html", "workspace": "portal/items/workspace.html"}


@require_safe
def items(request: Request) -> HttpResponse:
    """A platform's worklist; a sender's addresses with what became of them."""
    by, now = request.principal, timezone.now()
    need(by, Permission.VIEW_REFERRALS)
    page = items_page(by, request.GET, at=now)
    note_reading(request, "item.listed", page.references, at=now)
    return render_part(request, "portal/items/list.html", {"page": page, "now": now}, parts=PARTS)

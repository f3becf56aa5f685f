from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.organisations.permissions import Permission
from apps.portal.presenters.inbox import inbox_page
from apps.portal.views.fragments import render_part
from apps.portal.views.readings import note_reading
from apps.referrals.access import need
from apps.referrals.selectors import next_to_answer

PARTS = {"results": "portal/inbox/results.html", "workspace": "portal/inbox/workspace.html"}


@require_safe
def inbox(request: Request) -> HttpResponse:
    """Referrals sent or received, by whoever looks."""
    by, now = request.principal, timezone.now()
    need(by, Permission.VIEW_REFERRALS)
    page = inbox_page(by, request.GET, at=now)
    note_reading(request, "referral.listed", [row.reference for row in page.rows], at=now)
    note_reading(request, "referral.consulted", [page.selected] if page.preview else [], at=now)
    return render_part(request, "portal/inbox/list.html", {"page": page, "now": now}, parts=PARTS)


@require_safe
def take_next(request: Request) -> HttpResponse:
    """Straight to what should be answered first."""
    need(request.principal, Permission.ANSWER_REFERRALS)
    referral = next_to_answer(request.principal)
    if referral is None:
        messages.info(request, _("Nothing waits for your answer."))
        return redirect("portal:inbox")
    return redirect("portal:referral", referral.reference)

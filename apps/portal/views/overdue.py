from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.organisations.permissions import Permission
from apps.portal.presenters.overdue import overdue_page
from apps.portal.presenters.overdue_export import exported, overdue_csv
from apps.portal.responses import csv_response
from apps.portal.views.fragments import render_part
from apps.portal.views.readings import note_reading
from apps.referrals.access import need

PARTS = {"workspace": "portal/overdue/workspace.html"}
AT_MOST = 10_000


@require_safe
def overdue(request: Request) -> HttpResponse:
    """What should have been answered by now, for whichever side looks."""
    by, now = request.principal, timezone.now()
    need(by, Permission.VIEW_REFERRALS)
    page = overdue_page(by, request.GET, at=now)
    note_reading(request, "referral.listed", [row.referral.reference for row in page.rows], at=now)
    return render_part(request, "portal/overdue/list.html", {"page": page, "now": now}, parts=PARTS)


@require_safe
def overdue_export(request: Request) -> HttpResponse:
    """The list as filtered, up to 10,000 referrals; leaving the house, it is recorded as disclosed."""
    by, now = request.principal, timezone.now()
    need(by, Permission.VIEW_REFERRALS)
    rows = exported(by, request.GET, at_most=AT_MOST, at=now)
    note_reading(request, "referral.exported", [row.reference for row in rows], at=now)
    name = f"overdue-{timezone.localdate(now):%Y-%m-%d}.csv"
    return csv_response(overdue_csv(rows, is_sender=by.organisation.sends, at=now), name=name)

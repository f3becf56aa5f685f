from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.organisations.permissions import Permission
from apps.portal.presenters.inbox import listed
from apps.portal.presenters.inbox_export import referrals_csv
from apps.portal.responses import csv_response
from apps.portal.views.readings import note_reading
from apps.referrals.access import need

AT_MOST = 10_000


@require_safe
def referrals_export(request: Request) -> HttpResponse:
    """The list as filtered and sorted, up to 10,000 referrals; leaving the house, it is recorded as disclosed."""
    by, now = request.principal, timezone.now()
    need(by, Permission.VIEW_REFERRALS)
    rows = list(listed(by, request.GET, at=now)[:AT_MOST])
    note_reading(request, "referral.exported", [row.reference for row in rows], at=now)
    name = f"referrals-{timezone.localdate(now):%Y-%m-%d}.csv"
    return csv_response(referrals_csv(rows, is_sender=by.organisation.sends), name=name)

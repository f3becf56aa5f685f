from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.organisations.permissions import Permission
from apps.portal.presenters.escalations import escalations_page
from apps.referrals.access import need


@require_safe
def escalations(request: Request) -> HttpResponse:
    """What stayed unanswered, for those who oversee all organisations: counts, no reference, no sender."""
    need(request.principal, Permission.OVERSEE_STATISTICS)
    page = escalations_page(today=timezone.now().date())
    return render(request, "portal/escalations/list.html", {"page": page})

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.audit.services import consulted
from apps.portal.presenters.desk import panels
from apps.portal.presenters.desk_figures import tiles


@require_safe
def desk(request: Request) -> HttpResponse:
    """What waits for whoever looks."""
    by, now = request.principal, timezone.now()
    found = panels(by=by, now=now)
    shown = sorted({row.referral.reference for panel in found for row in panel.rows})
    consulted(
        "referral.listed", organisation_id=by.organisation_id, target_type="referral", targets=shown, by=by, at=now
    )
    figures = [] if found else tiles(by=by, now=now)
    return render(request, "portal/desk/desk.html", {"panels": found, "tiles": figures, "now": now})

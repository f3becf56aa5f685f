from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.http import Request
from apps.accounts.principal import Principal
from apps.audit.services import consulted
from apps.delivery.services import note_read
from apps.portal.forms.transitions import Attempt, RevealForm
from apps.portal.presenters.referral_page import referral_page
from apps.referrals.access import access_referral


@require_safe
def referral(request: Request, reference: str) -> HttpResponse:
    return show(request, reference)


@require_POST
def reveal(request: Request, reference: str) -> HttpResponse:
    """Show the hidden addresses of this page once; the reason goes into the audit log."""
    access_referral(request.principal, reference)
    form = RevealForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say in a sentence why you need to see the addresses."))
        return redirect("portal:referral", reference)
    return show(request, reference, justification=form.cleaned_data["justification"])


def show(
    request: Request, reference: str, *, attempt: Attempt | None = None, justification: str = "", status: int = 200
) -> HttpResponse:
    """The page of one referral, for whichever side looks at it; the reading is recorded."""
    now, by = timezone.now(), request.principal
    found = access_referral(by, reference)
    number, part = request.GET.get("page", ""), request.GET.get("show", "")
    page = referral_page(found, number=number, show=part, revealed=bool(justification), by=by, now=now)
    _note_reading(found.reference, justification, by=by, at=now)
    if by.organisation.receives:
        note_read([found.reference], through="web", by=by, at=now)
    context = {"page": page, "referral": found, "attempt": attempt, "now": now, "reveal_form": RevealForm()}
    return render(request, "portal/referrals/referral.html", context, status=status)


def _note_reading(reference: str, justification: str, *, by: Principal, at: datetime) -> None:
    consulted(
        "referral.revealed" if justification else "referral.consulted",
        organisation_id=by.organisation_id,
        target_type="referral",
        targets=[reference],
        justification=justification,
        by=by,
        at=at,
    )

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.http import Request
from apps.core.errors import DomainError
from apps.organisations.permissions import Permission
from apps.referrals import services
from apps.referrals.access import access_referral
from apps.referrals.models import Referral


@require_POST
def settle(request: Request, reference: str) -> HttpResponse:
    """Make an answer of a reply that came by mail, or say that it is none."""
    found = access_referral(request.principal, reference, Permission.ANSWER_REFERRALS)
    act = confirm if request.POST.get("act") == "confirm" else dismiss
    try:
        messages.success(request, act(request, found))
    except DomainError as problem:
        messages.error(request, str(problem))
    return redirect("portal:referral", found.reference)


@require_POST
def revoke_links(request: Request, reference: str) -> HttpResponse:
    """The sender takes back the links by which the platform could answer without an account."""
    found = access_referral(request.principal, reference, Permission.FILE_REFERRALS)
    services.revoke_links(found, by=request.principal, at=timezone.now())
    messages.success(request, _("The link no longer works. A reminder or a reply of yours brings a new one."))
    return redirect("portal:referral", found.reference)


def confirm(request: Request, found: Referral) -> str:
    services.confirm_reply(found, by=request.principal, at=timezone.now())
    return _("The reply is confirmed and recorded as your answer.")


def dismiss(request: Request, found: Referral) -> str:
    services.dismiss_reply(found, by=request.principal, at=timezone.now())
    return _("The reply is put aside. The sender sees that it was no answer.")

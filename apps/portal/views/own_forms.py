from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.http import Request
from apps.core.errors import Conflict, DomainError
from apps.organisations.permissions import Permission
from apps.portal.views.referrals import show
from apps.referrals import services
from apps.referrals.access import access_referral


@require_POST
def own_form(request: Request, reference: str) -> HttpResponse:
    """The sender has taken it to the platform's own form: note the number it was given."""
    by = request.principal
    referral = access_referral(by, reference, Permission.FILE_REFERRALS)
    try:
        services.note_own_form(referral, number=request.POST.get("number", ""), by=by, at=timezone.now())
    except DomainError as problem:
        messages.error(request, str(problem))
        return show(request, reference, status=409 if isinstance(problem, Conflict) else 422)
    messages.success(request, _("The number was noted as the proof of receipt."))
    return redirect("portal:referral", reference)

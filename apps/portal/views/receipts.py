from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.http import Request
from apps.core.errors import DomainError
from apps.organisations.permissions import Permission
from apps.portal.responses import download
from apps.portal.views.readings import note_reading
from apps.referrals.access import access_referral
from apps.referrals.receipts.facts import receipt_of
from apps.referrals.receipts.pdf import receipt_pdf


@require_safe
def referral_receipt(request: Request, reference: str) -> HttpResponse:
    """The receipt as PDF, the same for both sides; leaving the house, it is recorded as disclosed."""
    found = access_referral(request.principal, reference, Permission.VIEW_REFERRALS)
    try:
        receipt = receipt_of(found)
    except DomainError as problem:
        messages.error(request, str(problem))
        return redirect("portal:referral", found.reference)
    note_reading(request, "referral.exported", [found.reference], at=timezone.now())
    return download(receipt_pdf(receipt), name=f"{found.reference}-receipt.pdf", media_type="application/pdf")

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.core.errors import DomainError
from apps.organisations.permissions import Permission
from apps.portal.forms.checks import CheckForm
from apps.portal.presenters.filing_again import draft_of
from apps.portal.presenters.item_page import item_page
from apps.portal.presenters.masking import is_masked
from apps.portal.views.new_case import filing_page
from apps.portal.views.readings import note_reading
from apps.referrals.access import access_item
from apps.referrals.models import Item
from apps.verification import services

JUDGEMENTS = {"take-up": services.take_up, "dismiss": services.dismiss}


@require_safe
def item(request: Request, reference: str) -> HttpResponse:
    return _show(request, access_item(request.principal, reference))


@require_POST
def item_check(request: Request, reference: str) -> HttpResponse:
    """Note what somebody saw who looked at the address."""
    found, form = access_item(request.principal, reference, Permission.FILE_REFERRALS), CheckForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form=form, status=422)
    try:
        services.check_by_hand(found, **form.facts(), by=request.principal, at=timezone.now())
    except DomainError as problem:
        messages.error(request, str(problem))
        return _show(request, found, form=form, status=409)
    messages.success(request, _("Your look was noted."))
    return redirect("portal:item", reference)


@require_POST
def item_review(request: Request, reference: str) -> HttpResponse:
    """Judge what contradicts the platform's claim."""
    found = access_item(request.principal, reference, Permission.FILE_REFERRALS)
    judge = JUDGEMENTS.get(request.POST.get("act", ""))
    if judge is None:
        messages.error(request, _("Choose what is to be done: tell the platform, or dismiss."))
        return redirect("portal:item", reference)
    try:
        judge(found, by=request.principal, at=timezone.now())
    except DomainError as problem:
        messages.error(request, str(problem))
    return redirect("portal:item", reference)


@require_http_methods(["GET", "HEAD", "POST"])
def item_file_again(request: Request, reference: str) -> HttpResponse:
    """A new case with the same address, prefilled; what was found is linked to it. Nothing leaves by itself."""
    by = request.principal
    found = access_item(by, reference, Permission.FILE_REFERRALS)
    if is_masked(found.referral.area):
        messages.error(request, _("Addresses of this area are not copied. File it again from your own records."))
        return redirect("portal:item", reference)

    def link(case: str) -> None:
        services.note_filed_again(found, case=case, by=by, at=timezone.now())

    return filing_page(request, initial=draft_of(found), after=link)


def _show(request: Request, found: Item, *, form: CheckForm | None = None, status: int = 200) -> HttpResponse:
    note_reading(request, "item.consulted", [found.reference], at=timezone.now())
    context = {"page": item_page(found, by=request.principal), "form": form or CheckForm()}
    return render(request, "portal/items/item.html", context, status=status)

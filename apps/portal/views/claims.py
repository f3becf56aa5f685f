from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts import services
from apps.accounts.models import Claim
from apps.accounts.services import ClaimUnusable, ForeignMailbox
from apps.portal.forms.platforms import ClaimForm


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link to a platform's contact. Only POST acts: mail scanners follow links."""
    try:
        found = services.find_claim(token, at=timezone.now())
        if request.method == "POST":
            return take(request, token, found)
    except ClaimUnusable as problem:
        return render(request, "portal/claims/unusable.html", {"why": problem.facts["why"]}, status=410)
    return show(request, found, ClaimForm(initial={"email": found.email}))


def take(request: HttpRequest, token: str, found: Claim) -> HttpResponse:
    form = ClaimForm(request.POST)
    if not form.is_valid():
        return show(request, found, form, status=422)
    try:
        taken = services.take_claim(token, **form.cleaned_data, at=timezone.now())
    except ForeignMailbox as problem:
        form.add_error("email", str(problem))
        return show(request, found, form, status=422)
    if taken.secret:
        return redirect("portal:invitation", taken.secret)
    return render(request, "portal/claims/sent.html", {"email": taken.invitation.email})


def show(request: HttpRequest, found: Claim, form: ClaimForm, *, status: int = 200) -> HttpResponse:
    with timezone.override(found.organisation.time_zone):
        return render(request, "portal/claims/claim.html", {"claim": found, "form": form}, status=status)

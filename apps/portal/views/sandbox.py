from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import need_administrator
from apps.accounts.http import Request
from apps.accounts.middleware import ORGANISATION_KEY
from apps.core.errors import DomainError
from apps.organisations.access import access_own_platform
from apps.organisations.permissions import Permission
from apps.referrals.access import need
from apps.referrals.sandbox.playing import open_sandbox, play
from apps.referrals.sandbox.proofs import proofs_of
from apps.referrals.sandbox.scenarios import SCENARIOS


@require_safe
def sandbox(request: Request) -> HttpResponse:
    """In a sandbox: its scenarios and what is proven. For the platform itself: the way into its sandbox."""
    platform = access_own_platform(request.principal)
    if not platform.is_sandbox:
        need_administrator(request.principal)
        return render(request, "portal/sandbox/door.html", {"platform": platform})
    found = proofs_of(request.principal)
    context = {"scenarios": SCENARIOS.values(), "proofs": found, "done": sum(proof.at is not None for proof in found)}
    return render(request, "portal/sandbox/sandbox.html", context)


@require_POST
def sandbox_open(request: Request) -> HttpResponse:
    """Make the sandbox if there is none yet, and act for it from here on."""
    platform = access_own_platform(request.principal)
    need_administrator(request.principal)
    if not platform.is_sandbox:
        made = open_sandbox(by=request.principal, at=timezone.now())
        request.session[ORGANISATION_KEY] = made.pk
        messages.success(request, _("You act for %(name)s now.") % {"name": made.name})
    return redirect("portal:sandbox")


@require_POST
def sandbox_play(request: Request) -> HttpResponse:
    access_own_platform(request.principal)
    need(request.principal, Permission.ANSWER_REFERRALS)
    try:
        touched = play(request.POST.get("scenario", ""), by=request.principal, at=timezone.now())
    except DomainError as problem:
        messages.error(request, str(problem))
    else:
        words = ", ".join(touched) or _("nothing to do")
        messages.success(request, _("The made-up sender has acted: %(what)s.") % {"what": words})
    return redirect("portal:sandbox")

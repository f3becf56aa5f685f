from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import services
from apps.accounts.http import Request
from apps.core.errors import DomainError
from apps.organisations.access import access_platform
from apps.organisations.models import Organisation
from apps.organisations.permissions import Permission
from apps.portal.forms.platforms import ProposalForm
from apps.portal.presenters.platforms import directory, entry_of
from apps.referrals.access import need
from apps.referrals.models import Case


@require_safe
def platforms(request: Request) -> HttpResponse:
    """The directory: whom a sender can reach, and how."""
    need(request.principal, Permission.FILE_REFERRALS)
    search = request.GET.get("q", "").strip()[:200]
    found = directory(search=search, number=request.GET.get("page", ""), by=request.principal)
    template = "portal/platforms/results.html" if request.htmx else "portal/platforms/platforms.html"
    return render(request, template, {"found": found})


@require_safe
def platform(request: Request, slug: str) -> HttpResponse:
    found = access_platform(request.principal, slug)
    entry = entry_of(found, by=request.principal, today=timezone.localdate())
    return render(request, "portal/platforms/platform.html", {"entry": entry})


@require_http_methods(["GET", "HEAD", "POST"])
def platform_create(request: Request) -> HttpResponse:
    """Put a platform into the directory that nobody has listed; a refused form comes back with all that was entered."""
    need(request.principal, Permission.FILE_REFERRALS)
    if request.method != "POST":
        return _form(request, ProposalForm(initial=request.GET.dict()))
    form = ProposalForm(request.POST)
    made = _make(request, form)
    if made is None:
        return _form(request, form, status=422)
    messages.success(request, _("%(name)s is in the directory. Addresses on it can be filed now.") % {"name": made})
    case = _case(request)
    return redirect("portal:case", case) if case else redirect("portal:platform", made.slug)


@require_POST
def platform_invite(request: Request, slug: str) -> HttpResponse:
    """Send the platform's contact the link that takes over its entry."""
    need(request.principal, Permission.FILE_REFERRALS)
    found = access_platform(request.principal, slug)
    try:
        contact = services.offer_claim(found, by=request.principal, at=timezone.now())
    except DomainError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("A link to take over the entry is on its way to %(to)s.") % {"to": contact})
    return redirect("portal:platform", slug)


def _make(request: Request, form: ProposalForm) -> Organisation | None:
    if not form.is_valid():
        return None
    try:
        return services.make_platform(form.proposal(), by=request.principal, at=timezone.now())
    except DomainError as problem:
        form.add_error(None if "name" in problem.facts else "hosts", str(problem))
        form.there = problem.facts.get("platform", "")
        return None


def _form(request: Request, form: ProposalForm, *, status: int = 200) -> HttpResponse:
    return render(request, "portal/platforms/create.html", {"form": form, "case": _case(request)}, status=status)


def _case(request: Request) -> str:
    """The case whose rows wait for the platform; empty where it is not one of theirs."""
    wanted = request.POST.get("case", "") or request.GET.get("case", "")
    return wanted if wanted and Case.objects.visible_to(request.principal).filter(reference=wanted).exists() else ""

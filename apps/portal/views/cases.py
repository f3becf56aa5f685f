from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.audit.services import consulted
from apps.core.errors import DomainError
from apps.organisations.permissions import Permission
from apps.portal.forms.cases import CaseEditForm
from apps.portal.forms.transitions import Attempt
from apps.portal.presenters.case_export import items_csv, leftovers_csv
from apps.portal.presenters.case_list import case_list
from apps.portal.presenters.case_moves import MOVES, report
from apps.portal.presenters.case_page import case_page, movable, referrals_of
from apps.portal.responses import csv_response
from apps.referrals import services
from apps.referrals.access import access_case, need
from apps.referrals.models import Case
from apps.referrals.transitions import TRANSITIONS, Transition


@require_safe
def cases(request: Request) -> HttpResponse:
    need(request.principal, Permission.FILE_REFERRALS)
    search = request.GET.get("q", "").strip()
    found = case_list(search=search, cursor=request.GET.get("cursor", ""), by=request.principal)
    _consulted(request, "case.listed", [line.case.reference for line in found.lines])
    template = "portal/cases/results.html" if request.htmx else "portal/cases/cases.html"
    return render(request, template, {"found": found})


@require_safe
def case(request: Request, reference: str) -> HttpResponse:
    return _show(request, access_case(request.principal, reference))


@require_http_methods(["GET", "HEAD", "POST"])
def case_edit(request: Request, reference: str) -> HttpResponse:
    """The sender's own title and note."""
    found = access_case(request.principal, reference, Permission.FILE_REFERRALS)
    form = CaseEditForm(request.POST or None, initial={"title": found.title, "note": found.note})
    if form.is_valid():
        try:
            services.edit_case(found, **form.cleaned_data, by=request.principal, at=timezone.now())
        except DomainError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The case was saved."))
            return redirect("portal:case", reference)
    status = 422 if form.errors else 200
    return render(request, "portal/cases/case_edit.html", {"case": found, "form": form}, status=status)


@require_POST
def case_move(request: Request, reference: str, transition: Transition) -> HttpResponse:
    """Make one move with every referral of the case that can make it now."""
    by = request.principal
    found = access_case(by, reference, TRANSITIONS[transition].permission)
    attempt = Attempt(transition, request.POST.get("text", ""))
    references = movable(referrals_of(found, by=by), by=by)[transition]
    try:
        moved = MOVES[transition](references, **attempt.words(), by=by, at=timezone.now())
    except DomainError as problem:
        messages.error(request, str(problem))
        return _show(request, found, attempt=attempt, status=422)
    messages.add_message(request, *report(transition, moved))
    return redirect("portal:case", reference)


@require_safe
def case_items(request: Request, reference: str) -> HttpResponse:
    """Every address of the case with its outcome, as CSV."""
    found = access_case(request.principal, reference)
    content, _count = items_csv(found, by=request.principal)
    _consulted(request, "case.exported", [found.reference])
    return csv_response(content, name=f"{found.reference}.csv")


@require_safe
def case_leftovers(request: Request, reference: str) -> HttpResponse:
    """The rows that became no item, as CSV to be mended and sent again."""
    found = access_case(request.principal, reference)
    content, _count = leftovers_csv(found)
    _consulted(request, "case.exported", [found.reference])
    return csv_response(content, name=f"{found.reference}-left-over.csv")


def _show(request: Request, found: Case, *, attempt: Attempt | None = None, status: int = 200) -> HttpResponse:
    page = case_page(found, by=request.principal)
    _consulted(request, "case.consulted", [found.reference])
    context = {"page": page, "case": found, "attempt": attempt, "now": timezone.now()}
    return render(request, "portal/cases/case.html", context, status=status)


def _consulted(request: Request, verb: str, references: Sequence[str]) -> None:
    by = request.principal
    organisation_id = by.organisation_id
    consulted(verb, organisation_id=organisation_id, target_type="case", targets=references, by=by, at=timezone.now())

"""A platform's own export of statements: load it, see what would be answered, answer."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.core.errors import DomainError
from apps.organisations.permissions import Permission
from apps.portal.forms.statements import StatementExportForm
from apps.portal.presenters.statement_export import export_page, leftovers_csv
from apps.portal.responses import csv_response
from apps.referrals import services
from apps.referrals.access import access_statement_export, need
from apps.referrals.models import StatementExport


@require_http_methods(["GET", "HEAD", "POST"])
def export_create(request: Request) -> HttpResponse:
    """First step: a file that holds statements."""
    need(request.principal, Permission.ANSWER_REFERRALS)
    form = StatementExportForm(request.POST, request.FILES) if request.method == "POST" else StatementExportForm()
    found = _kept(request, form) if form.is_bound else None
    if found:
        return redirect("portal:statement-export", found.key)
    status = 422 if form.errors else 200
    return render(request, "portal/statements/export_create.html", {"form": form}, status=status)


@require_safe
def export(request: Request, key: uuid.UUID) -> HttpResponse:
    """Second step: what would become of every row; afterwards, what became of it."""
    found = access_statement_export(request.principal, key)
    results = services.results_of(found, by=request.principal, at=timezone.now())
    asked = {"result": request.GET.get("result", ""), "number": request.GET.get("page", "")}
    return render(request, "portal/statements/export.html", {"page": export_page(found, results, **asked)})


@require_POST
def export_answer(request: Request, key: uuid.UUID) -> HttpResponse:
    found = access_statement_export(request.principal, key)
    need(request.principal, Permission.ANSWER_REFERRALS)
    try:
        services.use_export(found, by=request.principal, at=timezone.now())
    except DomainError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The items were answered. What became of each row stands below."))
    return redirect("portal:statement-export", key)


@require_safe
def export_leftovers(request: Request, key: uuid.UUID) -> HttpResponse:
    """The rows that answer nothing, as a file to mend."""
    found = access_statement_export(request.principal, key)
    results = services.results_of(found, by=request.principal, at=timezone.now())
    return csv_response(leftovers_csv(results), name=f"left-over-{found.key}.csv")


@require_POST
def export_discard(request: Request, key: uuid.UUID) -> HttpResponse:
    found = access_statement_export(request.principal, key)
    try:
        services.discard_export(found, by=request.principal, at=timezone.now())
    except DomainError as problem:
        messages.error(request, str(problem))
        return redirect("portal:statement-export", key)
    messages.success(request, _("The file was deleted. Nothing of it was kept."))
    return redirect("portal:statements")


def _kept(request: Request, form: StatementExportForm) -> StatementExport | None:
    """The file, kept; None where it was refused, and the form says why."""
    if not form.is_valid():
        return None
    file = form.cleaned_data["file"]
    try:
        return services.keep_export(name=file.name, content=file.read(), by=request.principal, at=timezone.now())
    except DomainError as problem:
        form.add_error("file", str(problem))
        return None

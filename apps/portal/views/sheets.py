"""Answers by file: the worklist goes out, its outcome columns come back, are tried out, and recorded once."""

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
from apps.portal.forms.sheets import SheetColumnsForm, SheetForm
from apps.portal.presenters.sheet_export import worklist_csv
from apps.portal.presenters.sheets import columns_of, rejects_csv, rows_of, run_of, sheets_of, steps, table_of
from apps.portal.responses import csv_response
from apps.portal.views.readings import note_reading
from apps.portal.views.selection import wanted_of
from apps.referrals import selectors, services
from apps.referrals.access import access_sheet, need
from apps.referrals.intake.answers import MAX_ANSWERS
from apps.referrals.models import AnswerSheet
from apps.referrals.selectors import DUE


@require_safe
def items_export(request: Request) -> HttpResponse:
    """The worklist as filtered, what is due first at the top, up to 10,000 items; recorded as disclosed."""
    by, now = request.principal, timezone.now()
    need(by, Permission.ANSWER_REFERRALS)
    found = selectors.items(by, wanted_of(by, request.GET.urlencode()), at=now).select_related("referral__sender")
    items = list(found.order_by(*DUE.columns())[:MAX_ANSWERS])
    note_reading(request, "item.exported", [item.reference for item in items], at=now)
    return csv_response(worklist_csv(items, by=by), name=f"items-{timezone.localdate(now):%Y-%m-%d}.csv")


@require_http_methods(["GET", "HEAD", "POST"])
def sheet_create(request: Request) -> HttpResponse:
    """First step: a file that can be read as a table."""
    need(request.principal, Permission.ANSWER_REFERRALS)
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    found = _kept(request, form) if form.is_bound else None
    if found:
        return redirect("portal:sheet", found.key)
    context = {"form": form, "steps": steps(None, at=0), "sheets": sheets_of(request.principal)}
    return render(request, "portal/sheets/sheet_create.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: Request, key: uuid.UUID) -> HttpResponse:
    """Second step: which column holds what."""
    found = access_sheet(request.principal, key)
    if found.answered_at:
        return redirect("portal:sheet-check", key)
    table = table_of(found)
    form = SheetColumnsForm(request.POST or None, table=table, mapping=columns_of(found, table))
    if form.is_valid():
        services.describe_sheet(found, mapping=form.mapping().as_json(), by=request.principal, at=timezone.now())
        return redirect("portal:sheet-check", key)
    context = {"sheet": found, "columns": form, "table": table, "steps": steps(found, at=1)}
    return render(request, "portal/sheets/sheet.html", context, status=422 if form.errors else 200)


@require_safe
def sheet_check(request: Request, key: uuid.UUID) -> HttpResponse:
    """Third step: what would become of every row, and once they are recorded, what has."""
    found = access_sheet(request.principal, key)
    if not found.mapping:
        return redirect("portal:sheet", key)
    result, number = request.GET.get("result", ""), request.GET.get("page", "")
    run = run_of(found, result=result, number=number, by=request.principal, at=timezone.now())
    context = {"sheet": found, "run": run, "steps": steps(found, at=3 if run.is_done else 2)}
    return render(request, "portal/sheets/sheet_check.html", context)


@require_safe
def sheet_rejects(request: Request, key: uuid.UUID) -> HttpResponse:
    """The rows that were not taken, as a file to mend and send again."""
    found = access_sheet(request.principal, key)
    if not found.mapping:
        return redirect("portal:sheet", key)
    content = rejects_csv(found, by=request.principal, at=timezone.now())
    return csv_response(content, name=f"not-taken-{found.key}.csv")


@require_POST
def sheet_answer(request: Request, key: uuid.UUID) -> HttpResponse:
    """Record what can be recorded; the rest stays with the file."""
    found = access_sheet(request.principal, key)
    if not found.mapping:
        return redirect("portal:sheet", key)
    try:
        services.answer_sheet(found, rows_of(found), by=request.principal, at=timezone.now())
    except DomainError as problem:
        messages.error(request, str(problem))
    return redirect("portal:sheet-check", key)


@require_POST
def sheet_discard(request: Request, key: uuid.UUID) -> HttpResponse:
    found = access_sheet(request.principal, key)
    services.discard_sheet(found, by=request.principal, at=timezone.now())
    messages.success(request, _("The file was deleted. Answers that were recorded from it stay."))
    return redirect("portal:sheet-create")


def _kept(request: Request, form: SheetForm) -> AnswerSheet | None:
    """The file, kept; None where it was refused, and the form says why."""
    if not form.is_valid():
        return None
    file = form.cleaned_data["file"]
    try:
        return services.keep_sheet(name=file.name, content=file.read(), by=request.principal, at=timezone.now())
    except DomainError as problem:
        form.add_error("file", str(problem))
        return None

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
from apps.portal.forms.cases import FilingForm, kept, proposal
from apps.portal.forms.uploads import ColumnsForm, UploadForm
from apps.portal.presenters.filed import words_of
from apps.portal.presenters.upload_page import (
    Described,
    described,
    dry_run,
    mapping_of,
    rejects_csv,
    rows_of,
    sample_of,
    steps,
    table_of,
    waiting,
)
from apps.portal.responses import csv_response
from apps.referrals import services
from apps.referrals.access import access_upload, need
from apps.referrals.intake.tables import Table
from apps.referrals.models import Upload
from apps.referrals.services import Filed


@require_http_methods(["GET", "HEAD", "POST"])
def upload_create(request: Request) -> HttpResponse:
    """First step: a file that can be read as a table."""
    need(request.principal, Permission.FILE_REFERRALS)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    found = _kept(request, form) if form.is_bound else None
    if found:
        return redirect("portal:upload", found.key)
    context = {"form": form, "steps": steps(None, at=0), "waiting": waiting(request.principal)}
    return render(request, "portal/uploads/upload_create.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: Request, key: uuid.UUID) -> HttpResponse:
    """Second step: which column holds what, and what holds for all rows."""
    found = access_upload(request.principal, key)
    if found.filed_as:
        return redirect("portal:case", found.filed_as)
    table = table_of(found)
    if request.method != "POST" or request.POST.get("act") == "propose":
        return _describe(request, found, table, *_forms(request, found, table))
    columns = ColumnsForm(request.POST, table=table, mapping=mapping_of(found, table))
    filing = FilingForm(request.POST, by=request.principal)
    if columns.is_valid() & filing.is_valid() and _keep(request, found, table, columns, filing):
        return redirect("portal:upload-check", key)
    return _describe(request, found, table, columns, filing, status=422)


@require_safe
def upload_check(request: Request, key: uuid.UUID) -> HttpResponse:
    """Third step: what would become of every row."""
    found = access_upload(request.principal, key)
    known = described(found)
    if known is None or found.filed_as:
        return redirect("portal:upload", key)
    result, number = request.GET.get("result", ""), request.GET.get("page", "")
    run = dry_run(found, known, result=result, number=number, by=request.principal, at=timezone.now())
    context = {"upload": found, "run": run, "steps": steps(found, at=2)}
    return render(request, "portal/uploads/upload_check.html", context)


@require_safe
def upload_rejects(request: Request, key: uuid.UUID) -> HttpResponse:
    """The rows that would not be filed, as a file to mend."""
    found = access_upload(request.principal, key)
    known = described(found)
    if known is None or found.filed_as:
        return redirect("portal:upload", key)
    content = rejects_csv(found, known, by=request.principal, at=timezone.now())
    return csv_response(content, name=f"left-over-{found.key}.csv")


@require_POST
def upload_file(request: Request, key: uuid.UUID) -> HttpResponse:
    """File what can be filed; the rest stays with the case."""
    found = access_upload(request.principal, key)
    known = described(found)
    if known is None or found.filed_as:
        return redirect("portal:upload", key)
    try:
        filed = _file(request, found, known)
    except DomainError as problem:
        messages.error(request, str(problem))
        return redirect("portal:upload-check", key)
    messages.success(request, words_of(filed))
    return redirect("portal:case", filed.case)


@require_POST
def upload_discard(request: Request, key: uuid.UUID) -> HttpResponse:
    found = access_upload(request.principal, key)
    try:
        services.discard_upload(found, by=request.principal, at=timezone.now())
    except DomainError as problem:
        messages.error(request, str(problem))
        return redirect("portal:upload", key)
    messages.success(request, _("The file was deleted. Nothing of it was kept."))
    return redirect("portal:upload-create")


def _kept(request: Request, form: UploadForm) -> Upload | None:
    """The file, kept; None where it was refused, and the form says why."""
    if not form.is_valid():
        return None
    file = form.cleaned_data["file"]
    try:
        return services.keep_upload(name=file.name, content=file.read(), by=request.principal, at=timezone.now())
    except DomainError as problem:
        form.add_error("file", str(problem))
        return None


def _file(request: Request, found: Upload, known: Described) -> Filed:
    now, submit = timezone.now(), request.POST.get("act") == "submit"
    rows = rows_of(table_of(found), known.mapping, today=timezone.localdate(now))
    return services.file_upload(found, known.filing, rows, submit=submit, by=request.principal, at=now)


def _forms(request: Request, found: Upload, table: Table) -> tuple[ColumnsForm, FilingForm]:
    """The forms as they stand: as described before, or as entered so far with the proposal for the area."""
    known = described(found)
    before = known.as_json()["filing"] if known else {}
    entered = kept(request.POST, FilingForm) | proposal(request.POST.get("area", "")) if request.POST else before
    columns = ColumnsForm(initial=request.POST.dict(), table=table, mapping=mapping_of(found, table))
    return columns, FilingForm(initial=entered, by=request.principal)


def _keep(request: Request, found: Upload, table: Table, columns: ColumnsForm, filing: FilingForm) -> bool:
    """Try it out and keep what was said; a refusal goes back to the fields."""
    now = timezone.now()
    known = Described(columns.mapping(), filing.filing())
    try:
        rows = rows_of(table, known.mapping, today=timezone.localdate(now))
        services.preview(known.filing, rows, by=request.principal, at=now)
        services.describe_upload(found, mapping=known.as_json(), by=request.principal, at=now)
    except DomainError as problem:
        filing.refuse(problem)
        return False
    return True


def _describe(
    request: Request, found: Upload, table: Table, columns: ColumnsForm, filing: FilingForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "upload": found,
        "table": table,
        "sample": sample_of(table, mapping_of(found, table)),
        "columns": columns,
        "form": filing,
        "steps": steps(found, at=1),
    }
    return render(request, "portal/uploads/upload.html", context, status=status)

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.core.errors import DomainError
from apps.organisations.permissions import Permission
from apps.portal.forms.cases import CaseForm, FilingForm, kept, proposal
from apps.portal.presenters.filed import words_of
from apps.portal.presenters.masking import is_masked
from apps.portal.presenters.preview import Preview, preview_of
from apps.referrals import services
from apps.referrals.access import need
from apps.referrals.intake.paste import Paste, read_paste
from apps.referrals.intake.rows import BadRow, Row, read_rows

WITHOUT_JUDGING = frozenset({"check", "propose"})


@dataclass(frozen=True, slots=True)
class Pasted:
    """The paste box, read."""

    paste: Paste
    rows: Sequence[Row | BadRow]


@require_http_methods(["GET", "HEAD", "POST"])
def case_create(request: Request) -> HttpResponse:
    """The form of a new case; a refused one comes back with everything that was entered."""
    need(request.principal, Permission.FILE_REFERRALS)
    return filing_page(request)


def filing_page(
    request: Request, *, initial: Mapping[str, Any] | None = None, after: Callable[[str], object] | None = None
) -> HttpResponse:
    """The form, filled in with `initial` to begin with; `after` hears the reference of the case once it is filed."""
    if request.method != "POST":
        return _form(request, CaseForm(initial=initial, by=request.principal))
    act = request.POST.get("act", "draft")
    if act in WITHOUT_JUDGING:
        entered = kept(request.POST, CaseForm)
        return _form(request, CaseForm(initial=entered | _proposed(request, act), by=request.principal))
    form = CaseForm(request.POST, by=request.principal)
    case = _file(request, form, submit=act == "submit")
    if case and after:
        after(case)
    return redirect("portal:case", case) if case else _form(request, form, status=422)


@require_POST
def case_preview(request: Request) -> HttpResponse:
    """Where the pasted addresses would go, while somebody is still writing."""
    need(request.principal, Permission.FILE_REFERRALS)
    return render(request, "portal/cases/preview.html", _preview(request, request.POST.get("addresses", "")))


@require_safe
def case_classification(request: Request) -> HttpResponse:
    """Category and keywords usual in an area, or the keywords of a category: the part of the form that follows."""
    need(request.principal, Permission.FILE_REFERRALS)
    area, category = request.GET.get("area", ""), request.GET.get("category", "")
    initial = proposal(area) if area else {"category": category}
    form = FilingForm(initial=initial, by=request.principal)
    return render(request, "portal/cases/classification.html", {"form": form})


def _file(request: Request, form: CaseForm, *, submit: bool) -> str:
    """The reference of the new case; empty where the form was refused, which then says why."""
    if not form.is_valid():
        return ""
    now = timezone.now()
    try:
        rows = _read(form.cleaned_data["addresses"]).rows
        filed = services.file(form.filing(), rows, submit=submit, source="web", by=request.principal, at=now)
    except DomainError as problem:
        form.refuse(problem)
        return ""
    messages.success(request, words_of(filed))
    return filed.case


def _form(request: Request, form: CaseForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form} | _preview(request, str(form["addresses"].value() or ""))
    return render(request, "portal/cases/case_create.html", context, status=status)


def _preview(request: Request, text: str) -> dict[str, Preview | str | None]:
    if not text.strip():
        return {"preview": None, "problem": ""}
    try:
        pasted = _read(text)
    except DomainError as problem:
        return {"preview": None, "problem": str(problem)}
    filed = services.preview(None, pasted.rows, by=request.principal, at=timezone.now())
    hidden = is_masked(request.POST.get("area", ""))
    paste = pasted.paste
    found = preview_of(filed, numbers=paste.lines, prose=paste.prose, hidden=hidden, by=request.principal)
    return {"preview": found, "problem": ""}


def _proposed(request: Request, act: str) -> dict[str, object]:
    return proposal(request.POST.get("area", "")) if act == "propose" else {}


def _read(text: str) -> Pasted:
    paste = read_paste(text)
    return Pasted(paste, read_rows(paste.items, today=timezone.localdate()))

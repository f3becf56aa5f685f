"""A platform's statements of reasons, and the files they come in."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.http import Request
from apps.organisations.permissions import Permission
from apps.portal.presenters.statements import file_content, file_name, statements_page
from apps.portal.responses import download
from apps.portal.views.readings import note_reading
from apps.referrals import services
from apps.referrals.access import access_statement_file, need


@require_safe
def statements(request: Request) -> HttpResponse:
    need(request.principal, Permission.ANSWER_REFERRALS)
    page = statements_page(request.principal, number=request.GET.get("page", ""))
    return render(request, "portal/statements/statements.html", {"page": page})


@require_POST
def statements_nightly(request: Request) -> HttpResponse:
    """Turn the nightly files on or off."""
    need(request.principal, Permission.ANSWER_REFERRALS)
    nightly = request.POST.get("nightly") == "yes"
    services.want_statement_files(nightly=nightly, by=request.principal, at=timezone.now())
    on, off = _("From now on there are files every night."), _("There are no more files. Those made stay here.")
    messages.success(request, on if nightly else off)
    return redirect("portal:statements")


@require_safe
def statement_file(request: Request, key: uuid.UUID) -> HttpResponse:
    """One file, exactly as the Transparency Database takes it in one call."""
    found = access_statement_file(request.principal, key)
    name = file_name(found, by=request.principal)
    note_reading(request, "statement_file.exported", [name], at=timezone.now())
    return download(file_content(found), name=name, media_type="application/json")

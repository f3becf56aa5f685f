from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts import services
from apps.accounts.access import access_member, need_administrator
from apps.accounts.http import Request
from apps.core.errors import DomainError
from apps.portal.forms.people import InviteForm, RoleForm
from apps.portal.presenters.people import members_page


@require_safe
def members(request: Request) -> HttpResponse:
    need_administrator(request.principal)
    return show(request)


@require_POST
def invite(request: Request) -> HttpResponse:
    """Invite somebody; the page that answers is the only one that ever shows the link."""
    need_administrator(request.principal)
    form = InviteForm(request.POST, kind=request.principal.organisation.kind)
    if not form.is_valid():
        return show(request, form=form, status=422)
    try:
        offer = services.invite(**form.cleaned_data, by=request.principal, at=timezone.now())
    except DomainError as problem:
        form.add_error(None, str(problem))
        return show(request, form=form, status=409)
    return show(request, sent=offer)


@require_POST
def change_role(request: Request, pk: int) -> HttpResponse:
    member = access_member(request.principal, pk)
    form = RoleForm(request.POST, kind=request.principal.organisation.kind)
    try:
        role = form.cleaned_data["role"] if form.is_valid() else ""
        services.change_role(member, role=role, by=request.principal, at=timezone.now())
    except DomainError as problem:
        messages.error(request, str(problem))
        return redirect("portal:members")
    messages.success(request, _("%(name)s has another role now.") % {"name": member.user})
    return redirect("portal:members")


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    member = access_member(request.principal, pk)
    try:
        services.remove_member(member, by=request.principal, at=timezone.now())
    except DomainError as problem:
        messages.error(request, str(problem))
        return redirect("portal:members")
    if member.user_id == request.principal.user_id:
        return redirect("portal:desk")
    messages.success(request, _("%(name)s is no longer a member.") % {"name": member.user})
    return redirect("portal:members")


def show(request: Request, *, status: int = 200, **page: Any) -> HttpResponse:
    facts = members_page(request.principal, now=timezone.now(), **page)
    response = render(request, "portal/members/members.html", facts, status=status)
    response["Cache-Control"] = "no-store"
    return response

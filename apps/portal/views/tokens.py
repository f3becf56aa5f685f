from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts import services
from apps.accounts.access import access_token
from apps.accounts.http import Request
from apps.core.errors import DomainError
from apps.portal.forms.people import TokenForm
from apps.portal.presenters.people import tokens_page


@require_safe
def tokens(request: Request) -> HttpResponse:
    return show(request)


@require_POST
def create(request: Request) -> HttpResponse:
    """Make a token; the page that answers is the only one that ever shows its secret."""
    form, now = TokenForm(request.POST, by=request.principal), timezone.now()
    if not form.is_valid():
        return show(request, form=form, status=422)
    try:
        made = services.issue_token(**form.wanted(at=now), by=request.principal, at=now)
    except DomainError as problem:
        form.add_error(None, str(problem))
        return show(request, form=form, status=422)
    return show(request, made=made)


@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    token = access_token(request.principal, pk)
    services.revoke_token(token, by=request.principal, at=timezone.now())
    messages.success(request, _("The token “%(name)s” does not work any more.") % {"name": token.name})
    return redirect("portal:tokens")


def show(request: Request, *, status: int = 200, **page: Any) -> HttpResponse:
    facts = tokens_page(request.principal, now=timezone.now(), **page)
    response = render(request, "portal/tokens/tokens.html", facts, status=status)
    response["Cache-Control"] = "no-store"
    return response

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.core.errors import DomainError
from apps.delivery import services
from apps.delivery.access import access_endpoint, need_webhooks
from apps.portal.forms.webhooks import RotationForm, WebhookForm
from apps.portal.presenters.webhooks import secret_of, webhook_page, webhooks_page

ACTS: Mapping[str, tuple[Callable[..., Any], Promise]] = {
    "challenge": (services.ask_challenge, gettext_lazy("The challenge is on its way. Its result stands below.")),
    "test": (services.ask_test, gettext_lazy("The test is on its way. Its result stands below.")),
    "pause": (services.pause_endpoint, gettext_lazy("The endpoint is paused. Messages take your next channel.")),
    "resume": (services.resume_endpoint, gettext_lazy("The endpoint is in service again.")),
}


@require_safe
def webhooks(request: Request) -> HttpResponse:
    need_webhooks(request.principal)
    return show(request)


@require_POST
def create(request: Request) -> HttpResponse:
    """Register an endpoint; the page that answers is the only one that ever shows its secret."""
    need_webhooks(request.principal)
    form = WebhookForm(request.POST, by=request.principal)
    if not form.is_valid():
        return show(request, form=form, status=422)
    try:
        endpoint, pair = services.register_endpoint(**form.cleaned_data, by=request.principal, at=timezone.now())
    except DomainError as problem:
        form.add_error("url", str(problem))
        return show(request, form=form, status=422)
    return show(request, made=secret_of(endpoint, pair.shared))


@require_safe
def webhook(request: Request, endpoint: UUID) -> HttpResponse:
    return show_one(request, endpoint)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, endpoint: UUID) -> HttpResponse:
    found = access_endpoint(request.principal, endpoint)
    form = WebhookForm.of(found, request.POST or None, by=request.principal)
    if form.is_valid() and _is_changed(form, found, request):
        return redirect("portal:webhook", endpoint)
    facts = {"form": form, "endpoint": found}
    return render(request, "portal/webhooks/change.html", facts, status=422 if form.is_bound else 200)


def _is_changed(form: WebhookForm, endpoint: Any, request: Request) -> bool:
    try:
        services.change_endpoint(endpoint, **form.cleaned_data, by=request.principal, at=timezone.now())
    except DomainError as problem:
        form.add_error("url", str(problem))
        return False
    messages.success(request, _("The endpoint is changed."))
    return True


@require_POST
def rotate(request: Request, endpoint: UUID) -> HttpResponse:
    """Make new keys; the page that answers is the only one that ever shows the new secret."""
    found = access_endpoint(request.principal, endpoint)
    form = RotationForm(request.POST)
    if not form.is_valid():
        return show_one(request, endpoint, form=form, status=422)
    rotated, pair = services.rotate_keys(found, by=request.principal, at=timezone.now(), overlap=form.wanted)
    return show_one(request, endpoint, made=secret_of(rotated, pair.shared))


@require_POST
def act(request: Request, endpoint: UUID, act: str) -> HttpResponse:
    found, (do, done) = access_endpoint(request.principal, endpoint), ACTS[act]
    try:
        do(found, by=request.principal, at=timezone.now())
    except DomainError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, str(done))
    return redirect("portal:webhook", endpoint)


@require_POST
def remove(request: Request, endpoint: UUID) -> HttpResponse:
    found = access_endpoint(request.principal, endpoint)
    services.remove_endpoint(found, by=request.principal, at=timezone.now())
    messages.success(request, _("The endpoint is deleted. Nothing is sent there any more."))
    return redirect("portal:webhooks")


def show(request: Request, *, status: int = 200, **page: Any) -> HttpResponse:
    facts = webhooks_page(request.principal, now=timezone.now(), **page)
    response = render(request, "portal/webhooks/webhooks.html", facts, status=status)
    response["Cache-Control"] = "no-store"
    return response


def show_one(
    request: Request, endpoint: UUID, *, status: int = 200, made: Any = None, form: Any = None
) -> HttpResponse:
    """The whole page, or its results alone while they are waited for."""
    page = webhook_page(access_endpoint(request.principal, endpoint), now=timezone.now(), form=form)
    template = "portal/webhooks/checks.html" if request.htmx else "portal/webhooks/webhook.html"
    response = render(request, template, {"page": page, "secret": made}, status=status)
    response["Cache-Control"] = "no-store"
    return response

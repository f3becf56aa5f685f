"""Answers a platform gives again and again: its own, and nobody else's."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.core.errors import DomainError
from apps.organisations.permissions import Permission
from apps.portal.forms.answers import AnswerForm, TemplateNameForm
from apps.portal.presenters.answers import groups_of, platform_names, templates_of
from apps.referrals import services
from apps.referrals.access import access_template, need
from apps.referrals.models import AnswerTemplate


@require_safe
def templates(request: Request) -> HttpResponse:
    """Every saved answer of the organisation."""
    need(request.principal, Permission.ANSWER_REFERRALS)
    found = templates_of(request.principal)
    return render(request, "portal/templates/templates.html", {"templates": found})


@require_http_methods(["GET", "HEAD", "POST"])
def template_create(request: Request) -> HttpResponse:
    need(request.principal, Permission.ANSWER_REFERRALS)
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def template_edit(request: Request, pk: int) -> HttpResponse:
    return _edit(request, access_template(request.principal, pk))


@require_POST
def template_delete(request: Request, pk: int) -> HttpResponse:
    template = access_template(request.principal, pk)
    services.delete_template(template, by=request.principal, at=timezone.now())
    messages.success(request, _("The template “%(name)s” was deleted.") % {"name": template.name})
    return redirect("portal:templates")


def _edit(request: Request, template: AnswerTemplate | None) -> HttpResponse:
    now = timezone.now()
    if request.method != "POST":
        named = TemplateNameForm(initial={"kept_as": template.name if template else ""})
        return _show(request, template, AnswerForm(at=now, initial=template.facts if template else {}), named)
    form, named = AnswerForm(request.POST, at=now), TemplateNameForm(request.POST)
    if form.is_valid() & named.is_valid() and _kept(request, template, form, named):
        return redirect("portal:templates")
    return _show(request, template, form, named, status=422)


def _kept(request: Request, template: AnswerTemplate | None, form: AnswerForm, named: TemplateNameForm) -> bool:
    """Under its new name where it has one; a refusal goes back to the field."""
    by, now, name = request.principal, timezone.now(), named.cleaned_data["kept_as"]
    try:
        services.keep_template(name, facts=form.as_template(), by=by, at=now)
    except DomainError as problem:
        named.add_error("kept_as", str(problem))
        return False
    if template and template.name != name:
        services.delete_template(template, by=by, at=now)
    messages.success(request, _("The template “%(name)s” was kept.") % {"name": name})
    return True


def _show(
    request: Request, template: AnswerTemplate | None, form: AnswerForm, named: TemplateNameForm, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "name": template.name if template else _("New template"),
        "form": form,
        "named": named,
        "groups": groups_of(form),
        "platforms": platform_names(request.principal),
        "zone": timezone.get_current_timezone_name(),
    }
    return render(request, "portal/templates/template.html", context, status=status)

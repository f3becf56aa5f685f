"""Answering one item, a selection, or everything that matches a worklist's filters."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.accounts.principal import Principal
from apps.core.errors import DomainError
from apps.organisations.permissions import Permission
from apps.portal.forms.answers import AnswerForm, TemplateNameForm
from apps.portal.presenters.answered import answered_page, recorded_words
from apps.portal.presenters.answers import (
    groups_of,
    initial_of,
    platform_names,
    selection_of,
    statement_of,
    templates_of,
)
from apps.portal.views.item_acts import answer_address
from apps.portal.views.readings import note_reading
from apps.portal.views.selection import AT_MOST, count_of, counted, matching, wanted_of
from apps.referrals import services
from apps.referrals.access import access_referral, access_template, need
from apps.referrals.models import Item
from apps.referrals.selectors import DUE
from apps.referrals.transitions import ItemState

ANSWERED = "answered"


@require_http_methods(["GET", "HEAD", "POST"])
def items_answer(request: Request) -> HttpResponse:
    """The form and its record; `step` asks for a preview, a template's words, or to keep one, before."""
    by, now = request.principal, timezone.now()
    need(by, Permission.ANSWER_REFERRALS)
    items = items_of(by, request.POST if request.method == "POST" else request.GET, at=now)
    if not items:
        messages.info(request, _("Select the items you want to answer."))
        return redirect("portal:items")
    if request.method != "POST":
        return _show(request, AnswerForm(at=now, initial=initial_of(items)), items)
    steps = {"preview": _preview, "fill": _fill, "keep": _keep}
    return steps.get(request.POST.get("step", ""), _record)(request, items, at=now)


@require_POST
def items_statement(request: Request) -> HttpResponse:
    """What people will read of a form that is still being filled in; nothing is stored."""
    by, now = request.principal, timezone.now()
    need(by, Permission.ANSWER_REFERRALS)
    named = request.POST.get("items", "").split()[:1]
    item = Item.objects.visible_to(by).with_referral().filter(reference__in=named).first() if named else None
    statement = statement_of(AnswerForm(request.POST, at=now), item, at=now)
    return render(request, "portal/answers/statement.html", {"statement": statement})


@require_safe
def items_answered(request: Request) -> HttpResponse:
    """What became of each item of the last answer, and how many are left; shown until the next one."""
    by = request.principal
    need(by, Permission.ANSWER_REFERRALS)
    kept = request.session.get(ANSWERED)
    if not kept or kept["organisation"] != by.organisation_id:
        return redirect("portal:items")
    left = count_of(by, kept["filters"], at=timezone.now())
    page = answered_page(kept["outcome"], kept["rows"], left=left, by=by)
    context = {"page": page, "filters": kept["filters"], "left_shown": counted(left)}
    return render(request, "portal/answers/answered.html", context)


def items_of(by: Principal, asked: QueryDict, *, at: datetime) -> Sequence[Item]:
    """The items named one by one, those open in a referral, or all open ones that match a list's filters."""
    rows = Item.objects.visible_to(by)
    if reference := asked.get("referral", ""):
        rows = rows.filter(referral=access_referral(by, str(reference)), state=ItemState.OPEN)
    elif asked.get("everything"):
        rows = matching(by, str(asked.get("filters", "")), at=at)
    else:
        named = [*asked.getlist("item"), *str(asked.get("items", "")).split()]
        rows = rows.filter(reference__in=named[:AT_MOST])
    return list(rows.with_referral().order_by(*DUE.columns())[:AT_MOST])


def _preview(request: Request, items: Sequence[Item], *, at: datetime) -> HttpResponse:
    return _show(request, AnswerForm(request.POST, at=at), items)


def _fill(request: Request, items: Sequence[Item], *, at: datetime) -> HttpResponse:
    """The form as a template has it; without one, as it stands."""
    asked = request.POST.get("template", "")
    if not asked.isdecimal():
        return _show(request, AnswerForm(request.POST, at=at), items)
    template = access_template(request.principal, int(asked[:18]))
    return _show(request, AnswerForm(at=at, initial=template.facts), items, template=template.pk)


def _keep(request: Request, items: Sequence[Item], *, at: datetime) -> HttpResponse:
    """Keep what is filled in under a name; the answer itself waits."""
    form, named = AnswerForm(request.POST, at=at), TemplateNameForm(request.POST)
    if not (form.is_valid() & named.is_valid()):
        return _show(request, form, items, status=422, named=named)
    name = named.cleaned_data["kept_as"]
    try:
        services.keep_template(name, facts=form.as_template(), by=request.principal, at=at)
        messages.success(request, _("Kept as the template “%(name)s”. Nothing was answered yet.") % {"name": name})
    except DomainError as problem:
        named.add_error("kept_as", str(problem))
    return _show(request, form, items, named=named)


def _show(request: Request, form: AnswerForm, items: Sequence[Item], *, status: int = 200, **more: Any) -> HttpResponse:
    by, selection = request.principal, selection_of(items)
    note_reading(request, "item.consulted", selection.references, at=form.at)
    asked = request.POST or request.GET
    filters = str(asked.get("filters", ""))
    matching_count = AT_MOST
    if asked.get("everything") and len(items) == AT_MOST:
        matching_count = count_of(by, filters, at=form.at)
    context = {
        "form": form,
        "groups": groups_of(form),
        "selection": selection,
        "statement": statement_of(form, items[0], at=form.at) if form.is_bound else None,
        "zone": timezone.get_current_timezone_name(),
        "filters": filters,
        "further": matching_count - AT_MOST,
        "further_shown": counted(matching_count, less=AT_MOST),
        "templates": templates_of(by),
        "platforms": platform_names(by),
        "named": TemplateNameForm(),
        **more,
    }
    return render(request, "portal/answers/answer.html", context, status=status)


def _record(request: Request, items: Sequence[Item], *, at: datetime) -> HttpResponse:
    form, by = AnswerForm(request.POST, at=at), request.principal
    if not form.is_valid():
        return _show(request, form, items, status=422)
    results = services.answer(form.answers([item.reference for item in items]), channel="web", by=by, at=at)
    rows = [(one.item, one.result, one.code.value if one.code else "", one.detail) for one in results]
    filters = request.POST.get("filters", "")
    if request.POST.get("then") == "next" and not any(one.code for one in results):
        following = services.take_next(wanted_of(by, filters), by=by, at=at)
        if following:
            messages.success(request, recorded_words(len(rows)))
            return redirect(answer_address(following.reference, filters))
    request.session[ANSWERED] = {
        "outcome": form.cleaned_data["outcome"],
        "rows": rows,
        "filters": filters,
        "organisation": by.organisation_id,
    }
    return redirect("portal:items-answered")

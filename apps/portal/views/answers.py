"""Answering one item, a selection, or everything that is open in a referral."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.accounts.principal import Principal
from apps.organisations.permissions import Permission
from apps.portal.forms.answers import AnswerForm
from apps.portal.forms.filters import ItemFilters
from apps.portal.presenters.answered import answered_page
from apps.portal.presenters.answers import groups_of, initial_of, selection_of, statement_of
from apps.portal.views.readings import note_reading
from apps.referrals import selectors, services
from apps.referrals.access import access_referral, need
from apps.referrals.models import Item
from apps.referrals.selectors import DUE
from apps.referrals.transitions import ItemState

AT_MOST = 1000
ANSWERED = "answered"


@require_http_methods(["GET", "HEAD", "POST"])
def items_answer(request: Request) -> HttpResponse:
    """The form and its record; without scripts, `step` may ask for a preview first."""
    by, now = request.principal, timezone.now()
    need(by, Permission.ANSWER_REFERRALS)
    items = items_of(by, request.POST if request.method == "POST" else request.GET, at=now)
    if not items:
        messages.info(request, _("Select the items you want to answer."))
        return redirect("portal:items")
    if request.method != "POST":
        return _show(request, AnswerForm(at=now, initial=initial_of(items)), items)
    form = AnswerForm(request.POST, at=now)
    if request.POST.get("step") == "preview":
        return _show(request, form, items)
    return _record(request, form, items, at=now) if form.is_valid() else _show(request, form, items, status=422)


@require_POST
def items_statement(request: Request) -> HttpResponse:
    """What the sender will read of a form that is still being filled in; nothing is stored."""
    need(request.principal, Permission.ANSWER_REFERRALS)
    form = AnswerForm(request.POST, at=timezone.now())
    return render(request, "portal/answers/statement.html", {"statement": statement_of(form)})


@require_safe
def items_answered(request: Request) -> HttpResponse:
    """What became of each item of the last answer; shown until the next one."""
    need(request.principal, Permission.ANSWER_REFERRALS)
    kept = request.session.get(ANSWERED)
    if not kept or kept["organisation"] != request.principal.organisation_id:
        return redirect("portal:items")
    page = answered_page(kept["outcome"], kept["rows"], by=request.principal)
    return render(request, "portal/answers/answered.html", {"page": page})


def items_of(by: Principal, asked: QueryDict, *, at: datetime) -> Sequence[Item]:
    """The items named one by one, those open in a referral, or all open ones that match a list's filters."""
    rows = Item.objects.visible_to(by).with_referral()
    if reference := asked.get("referral", ""):
        rows = rows.filter(referral=access_referral(by, str(reference)), state=ItemState.OPEN)
    elif asked.get("everything"):
        wanted = ItemFilters(QueryDict(str(asked.get("filters", ""))), principal=by).wanted
        rows = selectors.items(by, wanted, at=at).open().with_referral()
    else:
        rows = rows.filter(reference__in=asked.getlist("item")[:AT_MOST])
    return list(rows.order_by(*DUE.columns())[:AT_MOST])


def _show(request: Request, form: AnswerForm, items: Sequence[Item], *, status: int = 200) -> HttpResponse:
    selection = selection_of(items)
    note_reading(request, "item.consulted", selection.references, at=form.at)
    statement = statement_of(form) if form.is_bound else None
    context = {
        "form": form,
        "groups": groups_of(form),
        "selection": selection,
        "statement": statement,
        "zone": timezone.get_current_timezone_name(),
    }
    return render(request, "portal/answers/answer.html", context, status=status)


def _record(request: Request, form: AnswerForm, items: Sequence[Item], *, at: datetime) -> HttpResponse:
    answers = form.answers([item.reference for item in items])
    results = services.answer(answers, channel="web", by=request.principal, at=at)
    request.session[ANSWERED] = {
        "outcome": form.cleaned_data["outcome"],
        "rows": [(one.item, one.result, one.code.value if one.code else "") for one in results],
        "organisation": request.principal.organisation_id,
    }
    return redirect("portal:items-answered")

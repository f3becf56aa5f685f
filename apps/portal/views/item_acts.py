"""What a platform does with items of its worklist before it answers them; no sender hears of any of it."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.http import Request
from apps.accounts.principal import Principal
from apps.core.errors import DomainError
from apps.deadlines.services import announce_for_items
from apps.organisations.permissions import Permission
from apps.portal.forms.item_acts import ItemAct, ItemActForm
from apps.portal.presenters.announced import announced_words
from apps.portal.presenters.noted import done_words, further_words, left_words
from apps.portal.views.selection import AT_MOST, chosen, count_of, counted, list_address, wanted_of
from apps.referrals import services
from apps.referrals.access import need
from apps.referrals.services import Noted


@require_POST
def items_act(request: Request) -> HttpResponse:
    """One act on the ticked items, or on all that match; what is refused does not stop the others."""
    form, by = ItemActForm(request.POST), request.principal
    need(by, Permission.ANSWER_REFERRALS)
    if form.problem:
        messages.error(request, form.problem)
        return redirect(list_address(form.data.get("back", "")))
    if form.chosen_act is ItemAct.ANSWER:
        return redirect(_answer_address(form))
    if form.chosen_act is ItemAct.ANNOUNCE:
        return _announce(request, form, by=by, at=timezone.now())
    return _act(request, form, by=by, at=timezone.now())


@require_POST
def items_next(request: Request) -> HttpResponse:
    """Straight to what should be answered first; it is one's own from now on."""
    by, filters = request.principal, request.POST.get("filters", "")
    need(by, Permission.ANSWER_REFERRALS)
    item = services.take_next(wanted_of(by, filters), by=by, at=timezone.now())
    if item is None:
        messages.info(request, _("Nothing that matches waits for your answer."))
        return redirect(list_address(filters))
    return redirect(answer_address(item.reference, filters))


def answer_address(reference: str, filters: str) -> str:
    """The form of one item, which knows the list it came from."""
    return f"{reverse('portal:items-answer')}?{urlencode({'item': reference, 'filters': filters})}"


def _announce(request: Request, form: ItemActForm, *, by: Principal, at: datetime) -> HttpResponse:
    """Of the referrals that the items belong to; the sender of each reads it."""
    back, facts = list_address(form.data.get("back", "")), form.cleaned_data
    items = chosen(by, form.data, at=at)
    try:
        moved = announce_for_items(items, until=form.answered_by, text=facts["said"], by=by, at=at)
    except DomainError as problem:
        messages.error(request, str(problem))
        return redirect(back)
    for is_done, sentence in announced_words(moved):
        (messages.success if is_done else messages.warning)(request, sentence)
    return redirect(back)


def _act(request: Request, form: ItemActForm, *, by: Principal, at: datetime) -> HttpResponse:
    back = list_address(form.data.get("back", ""))
    references = chosen(by, form.data, at=at)
    if not references:
        messages.warning(request, _("Select the items first."))
        return redirect(back)
    matching_count = AT_MOST
    if form.data.get("everything") and len(references) == AT_MOST:
        matching_count = count_of(by, form.data.get("filters", ""), at=at)
    try:
        noted = _noted(form, references, by=by, at=at)
    except DomainError as problem:
        messages.error(request, str(problem))
        return redirect(back)
    words = [
        done_words(form.chosen_act, noted, to=form.cleaned_data["assignee"]),
        further_words(matching_count - AT_MOST, shown=counted(matching_count, less=AT_MOST)),
    ]
    if any(words):
        messages.success(request, " ".join(filter(None, words)))
    for sentence in left_words(noted):
        messages.warning(request, sentence)
    return redirect(back)


def _noted(form: ItemActForm, references: Sequence[str], *, by: Principal, at: datetime) -> Sequence[Noted]:
    facts = form.cleaned_data
    match form.chosen_act:
        case ItemAct.CLAIM:
            return services.claim(references, by=by, at=at)
        case ItemAct.RELEASE:
            return services.release(references, by=by, at=at)
        case ItemAct.ASSIGN:
            return services.assign(references, to=facts["assignee"], by=by, at=at)
        case ItemAct.SNOOZE:
            return services.snooze(references, until=form.comes_back_at, by=by, at=at)
        case ItemAct.WAKE:
            return services.wake(references, by=by, at=at)
        case _:
            return services.number(dict.fromkeys(references, facts["number"]), by=by, at=at)


def _answer_address(form: ItemActForm) -> str:
    asked = {"item": form.data.getlist("item"), "filters": form.data.get("filters", "")}
    if form.data.get("everything"):
        asked = {"everything": "1", "filters": form.data.get("filters", "")}
    return f"{reverse('portal:items-answer')}?{urlencode(asked, doseq=True)}"

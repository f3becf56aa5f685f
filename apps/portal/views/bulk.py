"""Acts on many referrals at once: ask where words or a second look are needed, act, say what became of each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple
from datetime import datetime
from types import MappingProxyType

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.http import Request
from apps.accounts.principal import Principal
from apps.core.errors import DomainError
from apps.organisations.permissions import Permission
from apps.portal.forms.bulk import AT_MOST, BulkForm
from apps.portal.forms.filters import ReferralFilters
from apps.portal.presenters.bulk import Outcome, asked, done_words, outcomes
from apps.referrals import selectors, services
from apps.referrals.access import need
from apps.referrals.services import Moved
from apps.referrals.transitions import Transition

ACTED = "acted"
MOVES: Mapping[Transition, Callable[..., dict[str, Moved]]] = MappingProxyType(
    {
        Transition.SUBMIT: services.submit_set,
        Transition.APPROVE: services.approve_set,
        Transition.ACKNOWLEDGE: services.acknowledge_set,
        Transition.CLOSE: services.close_set,
        Transition.RETURN: services.return_to_author_set,
        Transition.WITHDRAW: services.withdraw_set,
    }
)


@require_POST
def act(request: Request) -> HttpResponse:
    """One act on the selected referrals, or on all that match; what is refused does not stop the others."""
    form, by, now = BulkForm(request.POST), request.principal, timezone.now()
    if not form.is_known:
        messages.error(request, _("Choose what to do with the selected referrals."))
        return redirect("portal:inbox")
    need(by, form.move.permission)
    references = chosen(form, by=by, at=now)
    if not references:
        messages.warning(request, _("Nothing was selected that this can be done with."))
        return redirect(_list_of(form))
    return _ask(request, form, references) if form.must_ask else _act(request, form, references, at=now)


@require_safe
def acted(request: Request) -> HttpResponse:
    """What became of each referral of the last act; shown until the next one."""
    need(request.principal, Permission.VIEW_REFERRALS)
    kept = request.session.get(ACTED)
    if not kept or kept["organisation"] != request.principal.organisation_id:
        return redirect("portal:inbox")
    rows = [Outcome(*row) for row in kept["rows"]]
    words = done_words(Transition(kept["act"]), rows)
    context = {"rows": rows, "words": words, "refused": [row for row in rows if not row.is_done], "back": kept["back"]}
    return render(request, "portal/inbox/acted.html", context)


def chosen(form: BulkForm, *, by: Principal, at: datetime) -> Sequence[str]:
    """The references ticked, or those of everything that matches and can still make the move, newest first."""
    if not form.cleaned_data["everything"]:
        return form.references
    rows = selectors.referrals(by, ReferralFilters(form.parameters, principal=by).wanted, at=at)
    fitting = rows.filter(state__in=sorted(form.move.sources))
    newest = fitting.order_by(*selectors.newest_first(by).columns())
    return list(newest.values_list("reference", flat=True)[:AT_MOST])


def _ask(request: Request, form: BulkForm, references: Sequence[str]) -> HttpResponse:
    context = {"asked": asked(request.principal, form.transition, references), "form": form}
    status = 422 if form.is_confirmed else 200
    return render(request, "portal/inbox/ask.html", {**context, "back": _list_of(form)}, status=status)


def _act(request: Request, form: BulkForm, references: Sequence[str], *, at: datetime) -> HttpResponse:
    try:
        moved = MOVES[form.transition](references, **form.words, by=request.principal, at=at)
    except DomainError as problem:
        messages.error(request, str(problem))
        return redirect(_list_of(form))
    rows = outcomes(moved)
    if all(row.is_done for row in rows):
        messages.success(request, done_words(form.transition, rows))
        return redirect(_list_of(form))
    request.session[ACTED] = {
        "act": form.transition.value,
        "rows": [astuple(row) for row in rows],
        "back": _list_of(form),
        "organisation": request.principal.organisation_id,
    }
    return redirect("portal:referrals-acted")


def _list_of(form: BulkForm) -> str:
    parameters = form.parameters.urlencode()
    return f"{reverse('portal:inbox')}?{parameters}" if parameters else reverse("portal:inbox")

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import Request
from apps.core.errors import DomainError
from apps.deadlines import services
from apps.deadlines.access import access_own_policy, access_policy_of
from apps.deadlines.policies import newest_of
from apps.deadlines.simulation import simulate
from apps.organisations.permissions import Permission
from apps.portal.forms.policies import PolicyEditor
from apps.portal.presenters.policies import policy_page, portals_own
from apps.portal.presenters.simulations import simulation_page


@require_safe
def policies(request: Request) -> HttpResponse:
    """What the acting organisation asks for or promises, with every version."""
    house = access_own_policy(request.principal)
    return render(request, "portal/policies/policies.html", {"page": policy_page(house, by=request.principal)})


@require_safe
def policy(request: Request, slug: str) -> HttpResponse:
    """A counterpart's: whoever is measured by a target may read it."""
    house = access_policy_of(request.principal, slug)
    return render(request, "portal/policies/policy.html", {"page": policy_page(house, by=request.principal)})


@require_http_methods(["GET", "HEAD", "POST"])
def policy_edit(request: Request) -> HttpResponse:
    """Change the lines, see what they would mean, and only then save them."""
    house = access_own_policy(request.principal, Permission.MANAGE_POLICIES)
    data = request.POST if request.method == "POST" else None
    editor = PolicyEditor(data, newest=newest_of(house.pk), of_platform=house.receives)
    if editor.wants_save and _save(request, editor):
        return redirect("portal:policies")
    return _page(request, editor)


def _save(request: Request, editor: PolicyEditor) -> bool:
    """Whether it was saved; if not, the editor says why and keeps what was entered."""
    words = editor.about.cleaned_data
    facts = {"ladder": editor.ladder, "note": words["note"]}
    try:
        number = services.save_policy(
            editor.wanted, **facts, based_on=words["based_on"], by=request.principal, at=timezone.now()
        )
    except DomainError as problem:
        editor.problem = str(problem)
        return False
    messages.success(request, _("Version %(number)s counts for what is received from now on.") % {"number": number})
    return True


def _page(request: Request, editor: PolicyEditor) -> HttpResponse:
    context: dict[str, Any] = {"editor": editor, "simulation": None, "portal": portals_own()}
    if editor.is_checked:
        found = simulate(editor.wanted, by=request.principal, at=timezone.now())
        context["simulation"] = simulation_page(found, editor)
    status = 409 if editor.problem or editor.is_stale else 422 if editor.errors else 200
    return render(request, "portal/policies/policy_edit.html", context, status=status)

"""Every act on one referral, from one table: the service it calls, and what the person is told afterwards."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from apps.accounts.http import Request
from apps.core.errors import Conflict, DomainError
from apps.portal.forms.transitions import Attempt
from apps.portal.views.referrals import show
from apps.referrals import services
from apps.referrals.access import access_referral
from apps.referrals.services import Moved
from apps.referrals.transitions import TRANSITIONS, State, Transition


@dataclass(frozen=True, slots=True)
class Act:
    perform: Callable[..., Moved]
    done: str | Promise


ACTS: Mapping[Transition, Act] = MappingProxyType(
    {
        Transition.SUBMIT: Act(services.submit, _("The referral waits for somebody else to approve it.")),
        Transition.APPROVE: Act(services.approve, _("The referral was approved and sent to the platform.")),
        Transition.RETURN: Act(services.return_to_author, _("The referral went back to its author.")),
        Transition.WITHDRAW: Act(services.withdraw, _("The referral was withdrawn.")),
        Transition.CLOSE: Act(services.close, _("The referral is closed.")),
        Transition.ACKNOWLEDGE: Act(services.acknowledge, _("The sender can see that you have received this.")),
        Transition.REQUEST_INFORMATION: Act(
            services.request_information, _("Your question was sent. The clock stands still until the reply.")
        ),
        Transition.PROVIDE_INFORMATION: Act(
            services.provide_information, _("Your reply was sent. The clock runs again.")
        ),
    }
)
SENT_AT_ONCE = _("The referral was sent to the platform.")


@require_POST
def move(request: Request, reference: str, transition: Transition) -> HttpResponse:
    """Make one move; a refusal shows the page again, with the reason and with what was written."""
    referral = access_referral(request.principal, reference, TRANSITIONS[transition].permission)
    attempt = Attempt(transition, request.POST.get("text", ""), request.FILES.getlist("files"))
    try:
        moved = ACTS[transition].perform(referral, **attempt.words(), by=request.principal, at=timezone.now())
    except DomainError as problem:
        messages.error(request, str(problem))
        return show(request, reference, attempt=attempt, status=409 if isinstance(problem, Conflict) else 422)
    messages.success(request, str(done(transition, moved)))
    return redirect("portal:referral", reference)


def done(transition: Transition, moved: Moved) -> str | Promise:
    """What to say; handing in sends at once where no second person is asked for."""
    if transition is Transition.SUBMIT and moved.state == State.SENT:
        return SENT_AT_ONCE
    return ACTS[transition].done

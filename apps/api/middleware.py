from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.accounts.middleware import API_PREFIX
from apps.api.idempotency import REPLAYED
from apps.audit.models import Operation
from apps.audit.services import record
from apps.referrals.sandbox import proofs
from apps.referrals.sandbox.playing import NotASandbox, sandbox_of
from apps.tenancy.context import acting_as

WORTH_NOTING = frozenset({404, 409})


class SandboxMiddleware:
    """Write down for a sandbox what a program was refused, and that it was given an answer again.

    Around the request's own transaction, which a refusal may have rolled back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(API_PREFIX) and (response.status_code in WORTH_NOTING or REPLAYED in response):
            note(request, response)
        return response


def note(request: HttpRequest, response: HttpResponse) -> None:
    principal = getattr(request, "principal", None)
    if principal is None or principal.token_id is None:
        return
    with acting_as(principal):
        try:
            sandbox_of(principal)
        except NotASandbox:
            return
        record(
            proofs.REPLAYED if REPLAYED in response else proofs.REFUSED,
            operation=Operation.CONSULT,
            organisation_id=principal.organisation_id,
            target_type="request",
            target=request.path[:64],
            details={"status": response.status_code},
            by=principal,
            at=timezone.now(),
        )

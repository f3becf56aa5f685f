from http import HTTPStatus

from django.http import HttpResponse

from apps.api.answers import answer
from apps.api.http import Request
from apps.api.idempotency import once
from apps.api.reading import read
from apps.api.schema import Operation
from apps.api.serializers.sandbox import PlayedOut, PlayIn, SandboxOut, write_sandbox
from apps.api.views.base import ApiView
from apps.organisations.permissions import Permission
from apps.referrals.sandbox.playing import play, sandbox_of
from apps.referrals.sandbox.proofs import proofs_of

NOT_A_SANDBOX = {409: "`not_a_sandbox`: the token was not made in a sandbox."}


class Sandbox(ApiView):
    operations = {
        "GET": Operation(
            id="sandbox_read",
            tag="sandbox",
            summary="See what is proven",
            description="The scenarios of a sandbox, and what the portal has seen your system do in it.",
            permission=Permission.ANSWER_REFERRALS,
            answers=SandboxOut,
            refusals=NOT_A_SANDBOX,
        )
    }

    def get(self, request: Request) -> HttpResponse:
        sandbox_of(self.principal)
        return answer(write_sandbox(proofs_of(self.principal)))


class Scenarios(ApiView):
    operations = {
        "POST": Operation(
            id="sandbox_play",
            tag="sandbox",
            summary="Start a scenario",
            description="The made-up sender acts at once. What was open of the same scenario is taken back first.",
            permission=Permission.ANSWER_REFERRALS,
            takes=PlayIn,
            answers=PlayedOut,
            status=HTTPStatus.CREATED,
            meaning="It has begun.",
            idempotent=True,
            refusals={**NOT_A_SANDBOX, 422: "`unknown_scenario`: there is none of that name."},
        )
    }

    def post(self, request: Request) -> HttpResponse:
        return once(request, self.act)

    def act(self) -> HttpResponse:
        scenario = read(PlayIn, self.request.data)["scenario"]
        touched = play(scenario, by=self.principal, at=self.at)
        return answer({"scenario": scenario, "referrals": list(touched)}, status=HTTPStatus.CREATED)

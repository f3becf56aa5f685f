from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse

from apps.api.answers import answer
from apps.api.http import Request
from apps.api.reading import read
from apps.api.schema import BODY, Operation
from apps.api.serializers.acts import Nothing
from apps.api.serializers.webhooks import RotationIn, WebhookChange, WebhookIn, WebhookMade, WebhookRow, write_webhook
from apps.api.views.base import ApiView
from apps.api.views.lists import ListView
from apps.delivery import services
from apps.delivery.access import access_endpoint
from apps.delivery.selectors import endpoints_of
from apps.organisations.permissions import Permission
from apps.referrals.paging import Order

NOT_FOUND = "`not_found`: no such endpoint, or not one of yours."
NOT_IN_SERVICE = "`not_in_service`: not in a state that allows this."
ASKED = "`already_asked`: the last question is still on its way. `asked_too_often`: more than twelve within an hour."


class Webhooks(ListView):
    orders = {"created": Order("created_at")}
    operations = {
        "GET": Operation(
            id="webhooks_list",
            tag="webhooks",
            summary="List endpoints",
            description="Where the organisation's own systems take messages, and how they are doing.",
            permission=Permission.MANAGE_WEBHOOKS,
            answers=WebhookRow,
            paged=True,
        ),
        "POST": Operation(
            id="webhooks_create",
            tag="webhooks",
            summary="Register an endpoint",
            description="Takes an address up, and asks it a challenge within seconds; it is in service once it has"
            " repeated that (docs/webhooks.md). The secret is in this answer and in no other, and for that reason the"
            " answer is not kept for a repeated request: the same address again is `endpoint_known`.",
            permission=Permission.MANAGE_WEBHOOKS,
            takes=WebhookIn,
            answers=WebhookMade,
            status=HTTPStatus.CREATED,
            refusals={
                409: "`endpoint_known`, `too_many_endpoints`.",
                422: "`address_refused`: not https, or not on the public internet. `unknown_message`.",
            },
        ),
    }

    def rows(self) -> QuerySet[Any]:
        return endpoints_of(self.principal)

    def write(self, rows: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
        return [write_webhook(row, at=self.at) for row in rows]

    def post(self, request: Request) -> HttpResponse:
        wanted = read(WebhookIn, request.data)
        endpoint, pair = services.register_endpoint(wanted.pop("url"), **wanted, by=self.principal, at=self.at)
        made = {**write_webhook(endpoint, at=self.at), "secret": pair.shared}
        return answer(made, status=HTTPStatus.CREATED)


class OneWebhook(ApiView):
    operations = {
        "GET": Operation(
            id="webhooks_read",
            tag="webhooks",
            summary="One endpoint",
            description="Its state, its keys, and what became of the newest challenge or test.",
            permission=Permission.MANAGE_WEBHOOKS,
            answers=WebhookRow,
            refusals={404: NOT_FOUND},
        )
    }

    def get(self, request: Request, endpoint: UUID) -> HttpResponse:
        return answer(write_webhook(access_endpoint(self.principal, endpoint), at=self.at))


class WebhookUpdate(ApiView):
    operations = {
        "POST": Operation(
            id="webhooks_update",
            tag="webhooks",
            summary="Change an endpoint",
            description="Its address, its description, and which messages it takes; what is left out stays. A new"
            " address is out of service until it has repeated a challenge; the keys stay the same. Messages that are"
            " on their way may still reach the old one.",
            permission=Permission.MANAGE_WEBHOOKS,
            takes=WebhookChange,
            answers=WebhookRow,
            refusals={
                404: NOT_FOUND,
                409: f"`endpoint_known`: registered already. {ASKED}",
                422: "`address_refused`: not https, or not on the public internet. `unknown_message`.",
            },
        )
    }

    def post(self, request: Request, endpoint: UUID) -> HttpResponse:
        found = access_endpoint(self.principal, endpoint)
        services.change_endpoint(found, **read(WebhookChange, request.data), by=self.principal, at=self.at)
        return answer(write_webhook(access_endpoint(self.principal, endpoint), at=self.at))


class WebhookRotation(ApiView):
    operations = {
        "POST": Operation(
            id="webhooks_rotate",
            tag="webhooks",
            summary="Make new keys",
            description="Until the overlap is over, messages carry the signatures of both generations: change the"
            " receiver over at any time in between, and no message is lost.",
            permission=Permission.MANAGE_WEBHOOKS,
            takes=RotationIn,
            answers=WebhookMade,
            refusals={404: NOT_FOUND},
        )
    }

    def post(self, request: Request, endpoint: UUID) -> HttpResponse:
        found = access_endpoint(self.principal, endpoint)
        overlap = timedelta(hours=read(RotationIn, request.data)["overlap_hours"])
        _endpoint, pair = services.rotate_keys(found, by=self.principal, at=self.at, overlap=overlap)
        rotated = access_endpoint(self.principal, endpoint)
        return answer({**write_webhook(rotated, at=self.at), "secret": pair.shared})


@dataclass(frozen=True, slots=True)
class Act:
    """What can be done to an endpoint without another word."""

    do: Callable[..., Any]
    summary: str
    description: str
    conflict: str


ACTS: Mapping[str, Act] = {
    "challenge": Act(
        services.ask_challenge,
        "Ask for the challenge again",
        "A new endpoint, or one out of service, is put into service once it has repeated the challenge.",
        ASKED,
    ),
    "test": Act(
        services.ask_test,
        "Send a test message",
        "A signed `endpoint.test` within seconds; `last_check` says what became of it.",
        f"{ASKED} `not_proven`: it has not answered a challenge.",
    ),
    "pause": Act(
        services.pause_endpoint, "Pause", "Messages take the next channel until it is resumed.", NOT_IN_SERVICE
    ),
    "resume": Act(services.resume_endpoint, "Resume", "Puts a paused endpoint back into service.", NOT_IN_SERVICE),
}


class WebhookAct(ApiView):
    act: str = "test"

    @property
    def operations(self) -> Mapping[str, Operation]:  # type: ignore[override]  # follows from the act
        act = ACTS[self.act]
        return {
            "POST": Operation(
                id=f"webhooks_{self.act}",
                tag="webhooks",
                summary=act.summary,
                description=act.description,
                permission=Permission.MANAGE_WEBHOOKS,
                takes=Nothing,
                answers=WebhookRow,
                refusals={404: NOT_FOUND, 409: act.conflict},
            )
        }

    def post(self, request: Request, endpoint: UUID) -> HttpResponse:
        found = access_endpoint(self.principal, endpoint)
        read(Nothing, request.data)
        ACTS[self.act].do(found, by=self.principal, at=self.at)
        return answer(write_webhook(access_endpoint(self.principal, endpoint), at=self.at))


class WebhookRemoval(ApiView):
    operations = {
        "POST": Operation(
            id="webhooks_delete",
            tag="webhooks",
            summary="Delete an endpoint",
            description="Forgets the address and its keys. What was sent to it stays written down.",
            permission=Permission.MANAGE_WEBHOOKS,
            takes=Nothing,
            answers=Nothing,
            refusals={404: NOT_FOUND, 400: BODY[400]},
        )
    }

    def post(self, request: Request, endpoint: UUID) -> HttpResponse:
        found = access_endpoint(self.principal, endpoint)
        read(Nothing, request.data)
        services.remove_endpoint(found, by=self.principal, at=self.at)
        return answer({})

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request as RestRequest

from apps.api.answers import answer
from apps.api.filters.deliveries import DeliveryFilters
from apps.api.http import Request
from apps.api.reading import read
from apps.api.schema import Operation
from apps.api.serializers.acts import Nothing
from apps.api.serializers.deliveries import (
    DeliveryDetail,
    DeliveryRow,
    ReplayedOut,
    ReplayIn,
    write_delivery,
    write_delivery_detail,
)
from apps.api.views.base import ApiView
from apps.api.views.lists import ListView
from apps.audit.services import consulted
from apps.delivery import services
from apps.delivery.access import access_delivery, need_deliveries
from apps.delivery.selectors import deliveries_of
from apps.referrals.access import access_referral
from apps.referrals.paging import Order

WHO = "\n\nNeeds the permission `view_referrals` or `manage_webhooks`."
FORBIDDEN = "`permission_denied`: the token may neither `view_referrals` nor `manage_webhooks`."
NOT_FOUND = "`not_found`: no such message, or not one from or to you."
WHICH = {"ids": "public_id__in", "channel": "channel", "message": "message", "referral": "about"}
WHEN = {"since": "created_at__gte", "until": "created_at__lt"}


class ForBothSides(ApiView):
    """Open to officers, points of contact and administrators: each sees what the other sees."""

    def initial(self, request: RestRequest, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not kwargs:
            need_deliveries(self.principal)


class Deliveries(ForBothSides, ListView):
    parameters = frozenset({"referral"})
    filters = DeliveryFilters
    orders = {"newest": Order("created_at", descending=True)}
    operations = {
        "GET": Operation(
            id="deliveries_list",
            tag="deliveries",
            summary="What became of messages",
            description=f"Every message from and to the organisation, the newest first. Both sides see it.{WHO}",
            answers=DeliveryRow,
            paged=True,
            parameters=[OpenApiParameter("referral", type=str, description="The referral they are about.")],
            refusals={403: FORBIDDEN, 404: "`not_found`: no such referral, or not one of yours."},
        )
    }

    def rows(self) -> QuerySet[Any]:
        rows = deliveries_of(self.principal)
        reference = self.request.query_params.get("referral", "")
        return rows.filter(about=access_referral(self.principal, reference).reference) if reference else rows

    def write(self, rows: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
        return [write_delivery(row) for row in rows]

    def note(self, rows: Sequence[Any]) -> None:
        note_reading(self, "delivery.listed", rows)


class OneDelivery(ForBothSides):
    operations = {
        "GET": Operation(
            id="deliveries_read",
            tag="deliveries",
            summary="One message",
            description=f"With every try, and the proof of its receipt.{WHO}",
            answers=DeliveryDetail,
            refusals={403: FORBIDDEN, 404: NOT_FOUND},
        )
    }

    def get(self, request: Request, delivery: UUID) -> HttpResponse:
        row = access_delivery(self.principal, delivery)
        note_reading(self, "delivery.consulted", [row])
        return answer(write_delivery_detail(row))


class Replay(ForBothSides):
    operations = {
        "POST": Operation(
            id="deliveries_replay",
            tag="deliveries",
            summary="Send one message again",
            description="A message that was given up goes out again, by the recipient's channels from the first on."
            f" It keeps its `id`, so that whoever has it already knows it again.{WHO}",
            takes=Nothing,
            answers=DeliveryRow,
            refusals={403: FORBIDDEN, 404: NOT_FOUND, 409: "`not_given_up`: its state is not `dead`."},
        )
    }

    def post(self, request: Request, delivery: UUID) -> HttpResponse:
        row = access_delivery(self.principal, delivery)
        read(Nothing, request.data)
        return answer(write_delivery(services.replay_one(row, by=self.principal, at=self.at)))


class ReplayRange(ForBothSides):
    operations = {
        "POST": Operation(
            id="deliveries_replay_range",
            tag="deliveries",
            summary="Send many messages again",
            description=f"Every message that was given up and matches. Sending it twice sends once.{WHO}",
            takes=ReplayIn,
            answers=ReplayedOut,
            refusals={403: FORBIDDEN},
        )
    }

    def post(self, request: Request) -> HttpResponse:
        wanted = read(ReplayIn, request.data)
        columns = {**WHICH, **WHEN}
        rows = deliveries_of(self.principal).filter(**{columns[name]: value for name, value in wanted.items()})
        done = services.replay_many(rows, by=self.principal, at=self.at)
        return answer({"replayed": done.count, "left": done.left})


def note_reading(view: ApiView, verb: str, rows: Sequence[Any]) -> None:
    consulted(
        verb,
        organisation_id=view.principal.organisation_id,
        target_type="delivery",
        targets=list(dict.fromkeys(row.about for row in rows)),
        by=view.principal,
        at=view.at,
    )

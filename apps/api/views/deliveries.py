from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter

from apps.api.answers import answer
from apps.api.http import Request
from apps.api.pages import invalid_parameters
from apps.api.schema import Operation
from apps.api.serializers.deliveries import Deliveries, write_trace
from apps.api.views.base import ApiView
from apps.delivery.selectors import traces
from apps.organisations.permissions import Permission
from apps.referrals.access import access_referral


class MessagesAbout(ApiView):
    parameters = frozenset({"referral"})
    operations = {
        "GET": Operation(
            id="deliveries_list",
            tag="deliveries",
            summary="What became of messages",
            description="Every message about one referral: queued, sent, received with proof, or given up.",
            permission=Permission.VIEW_REFERRALS,
            answers=Deliveries,
            parameters=[OpenApiParameter("referral", required=True, type=str, description="The referral's reference.")],
            refusals={
                400: "`invalid_parameter`: no `referral`.",
                404: "`not_found`: no such referral, or not one of yours.",
            },
        )
    }

    def get(self, request: Request) -> HttpResponse:
        reference = request.query_params.get("referral", "")
        if not reference:
            raise invalid_parameters({"referral": [_("Name a referral in `referral`.")]})
        referral = access_referral(self.principal, reference, self.permission)
        messages = [write_trace(trace) for trace in traces(referral.reference)]
        return answer({"referral": referral.reference, "results": messages})

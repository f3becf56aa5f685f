from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter

from apps.api.answers import answer
from apps.api.http import Request
from apps.api.schema import Operation
from apps.api.serializers.clocks import ClocksOut, PolicyVersionOut, write_clocks, write_policy
from apps.api.views.base import ApiView
from apps.deadlines.access import access_own_policy, access_policy_of
from apps.deadlines.policies import newest_of


class Clocks(ApiView):
    operations = {
        "GET": Operation(
            id="clocks_list",
            tag="clocks",
            summary="List the clocks of law and of commitments",
            description="Every time limit this portal knows, with its source, and whether it runs here or is listed.",
            answers=ClocksOut,
        )
    }

    def get(self, request: Request) -> HttpResponse:
        return answer(write_clocks())


class Policies(ApiView):
    """Read only: what is promised or asked for is changed by a person who has seen what it would mean."""

    parameters = frozenset({"organisation"})
    operations = {
        "GET": Operation(
            id="policies_read",
            tag="clocks",
            summary="Read targets or promises",
            description="Your organisation's own, or a counterpart's: senders read every platform's promises, a"
            " platform the targets of each sender that has sent to it.",
            answers=PolicyVersionOut,
            parameters=[OpenApiParameter("organisation", type=str, description="A slug; left out, your own.")],
            refusals={404: "`not_found`: no such organisation, or none whose clocks concern you."},
        )
    }

    def get(self, request: Request) -> HttpResponse:
        slug = request.query_params.get("organisation", "")
        house = access_policy_of(self.principal, slug) if slug else access_own_policy(self.principal)
        return answer(write_policy(house, newest_of(house.pk)))

from django.http import HttpResponse

from apps.api.answers import answer
from apps.api.http import Request
from apps.api.schema import Operation
from apps.api.serializers.account import MeOut, write_me
from apps.api.views.base import ApiView


class Me(ApiView):
    operations = {
        "GET": Operation(
            id="me_read",
            tag="account",
            summary="Who am I",
            description="The person and the organisation behind the token, and what it may do.",
            answers=MeOut,
        )
    }

    def get(self, request: Request) -> HttpResponse:
        return answer(write_me(self.principal))

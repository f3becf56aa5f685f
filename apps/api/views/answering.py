from typing import Any

from django.http import HttpResponse

from apps.api.answers import answer
from apps.api.examples import ANSWERING
from apps.api.http import Request
from apps.api.idempotency import once
from apps.api.limits import TooManyRows
from apps.api.reading import read
from apps.api.schema import Operation
from apps.api.serializers.answering import MOST_ANSWERS, AnsweredOut, AnsweringIn, in_order, read_answers
from apps.api.views.base import ApiView
from apps.organisations.permissions import Permission
from apps.referrals import services
from apps.referrals.services import Answer


class ItemAnswers(ApiView):
    operations = {
        "POST": Operation(
            id="items_answer",
            tag="items",
            summary="Answer items",
            description="Up to 1,000 answers in one call. Good ones are taken whatever the others are; each has its"
            " own result. A referral whose last open item is decided is answered, and its clock is met.",
            permission=Permission.ANSWER_REFERRALS,
            takes=AnsweringIn,
            answers=AnsweredOut,
            idempotent=True,
            refusals={422: "`too_many_rows`: more than 1,000 answers."},
            examples=ANSWERING,
        )
    }

    def post(self, request: Request) -> HttpResponse:
        return once(request, self.act)

    def act(self) -> HttpResponse:
        given: list[Any] = read(AnsweringIn, self.request.data)["answers"]
        if len(given) > MOST_ANSWERS:
            raise TooManyRows(limit=MOST_ANSWERS, count=len(given))
        found = read_answers(given)
        answers = [one for one in found if isinstance(one, Answer)]
        answered = services.answer(answers, channel="api", by=self.principal, at=self.at)
        return answer({"rows": in_order(found, answered)})

"""A platform's own arrangements about items, as on its worklist. Nothing here is told to the sender."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse

from apps.accounts.principal import Principal
from apps.api.answers import answer
from apps.api.http import Request
from apps.api.reading import Shape, read
from apps.api.schema import Operation
from apps.api.serializers.desk import AssigningIn, ItemsIn, NotedOut, NumberingIn, SnoozingIn, write_noted
from apps.api.views.base import ApiView
from apps.organisations.permissions import Permission
from apps.referrals import services
from apps.referrals.services import Noted

Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One arrangement: what it takes, its service, and what the documentation says."""

    takes: Shape
    do: Callable[[Given, Principal, datetime], Sequence[Noted]]
    summary: str
    description: str
    refusals: Mapping[int, str] | None = None


def _snooze(given: Given, by: Principal, at: datetime) -> Sequence[Noted]:
    if given["until"] is None:
        return services.wake(given["items"], by=by, at=at)
    return services.snooze(given["items"], until=given["until"], by=by, at=at)


ACTS: Mapping[str, Act] = {
    "claim": Act(
        ItemsIn,
        lambda given, by, at: services.claim(given["items"], by=by, at=at),
        "Claim items",
        "Puts open items on one's own desk. What a colleague has is refused (`held`).",
    ),
    "release": Act(
        ItemsIn,
        lambda given, by, at: services.release(given["items"], by=by, at=at),
        "Release items",
        "Takes items off whoever's desk they are on.",
    ),
    "assign": Act(
        AssigningIn,
        lambda given, by, at: services.assign(given["items"], to=given["assignee"], by=by, at=at),
        "Assign items",
        "Puts open items on a colleague's desk, whoever had them.",
        {422: "`assignee_refused`: nobody of this address in the organisation may answer."},
    ),
    "snooze": Act(
        SnoozingIn,
        _snooze,
        "Put items off",
        "Takes open items off the worklist until a time, or four hours before they are due if that is sooner; `until`"
        " of each row says when. What is due sooner, or overdue, is refused (`due_soon`). No clock stops.",
        {422: "`snooze_in_the_past`: the time does not lie in the future."},
    ),
    "number": Act(
        NumberingIn,
        lambda given, by, at: services.number({one["item"]: one["number"] for one in given["numbers"]}, by=by, at=at),
        "Number items",
        "Notes each item's number in the platform's own system.",
    ),
}


class ItemDesk(ApiView):
    act: str = "claim"

    @property
    def operations(self) -> Mapping[str, Operation]:  # type: ignore[override]  # follows from the act
        act = ACTS[self.act]
        return {
            "POST": Operation(
                id=f"items_{self.act}",
                tag="items",
                summary=act.summary,
                description=f"{act.description} Up to 1,000 items, each with its own result. No sender sees any of it.",
                permission=Permission.ANSWER_REFERRALS,
                takes=act.takes,
                answers=NotedOut,
                refusals=act.refusals,
            )
        }

    def post(self, request: Request) -> HttpResponse:
        act = ACTS[self.act]
        noted = act.do(read(act.takes, request.data), self.principal, self.at)
        return answer({"rows": write_noted(noted)})

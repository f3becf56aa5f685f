"""One POST per transition, for one referral or for a list; all of them follow from the table of transitions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from apps.api.answers import answer
from apps.api.http import Request
from apps.api.reading import Shape, read
from apps.api.schema import Operation
from apps.api.serializers.acts import Acted, Nothing, References, ReferencesWithWords, Words
from apps.api.serializers.attachments import WordsAndFiles
from apps.api.serializers.referrals import ReferralRow, write_referral
from apps.api.views.base import ApiView
from apps.referrals import services
from apps.referrals.access import access_referral
from apps.referrals.services import Moved
from apps.referrals.transitions import TRANSITIONS, Transition

T = Transition


@dataclass(frozen=True, slots=True)
class Act:
    """The service of a transition, and of the same for a list where there is one; what the documentation says."""

    one: Callable[..., Any]
    many: Callable[..., dict[str, Moved]] | None
    summary: str
    description: str


ACTS: Mapping[Transition, Act] = {
    T.SUBMIT: Act(
        services.submit,
        services.submit_set,
        "Submit for approval",
        "Hands a draft in. Where the organisation asks for no second person it is sent at once.",
    ),
    T.APPROVE: Act(
        services.approve,
        services.approve_set,
        "Approve and send",
        "Clears a referral as the second person, and sends it. Its author cannot (`four_eyes_required`).",
    ),
    T.RETURN: Act(
        services.return_to_author,
        services.return_to_author_set,
        "Return to the author",
        "Gives a referral back as a draft, with the reason in `text`.",
    ),
    T.WITHDRAW: Act(
        services.withdraw,
        services.withdraw_set,
        "Withdraw",
        "Takes a referral back. Its clock ends; a platform that has it is told `text`.",
    ),
    T.CLOSE: Act(services.close, services.close_set, "Close", "Ends an answered referral: its answers have been read."),
    T.ACKNOWLEDGE: Act(
        services.acknowledge,
        services.acknowledge_set,
        "Acknowledge the receipt",
        "The platform confirms that it has the referral (DSA Art 16(4)).",
    ),
    T.REQUEST_INFORMATION: Act(
        services.request_information,
        None,
        "Ask the sender",
        "The platform asks `text`. The clock stands still until the sender replies.",
    ),
    T.PROVIDE_INFORMATION: Act(
        services.provide_information, None, "Reply to the platform", "The sender answers `text`. The clock goes on."
    ),
}
CONFLICT = "`transition_not_allowed`: its present state does not allow this; `state` says which it is."
FOUR_EYES = " `four_eyes_required`: somebody else has to approve it."


class ReferralAct(ApiView):
    """One transition of one referral. Sending it twice does no harm: the second finds another state (409)."""

    transition: Transition = T.SUBMIT

    @property
    def operations(self) -> Mapping[str, Operation]:  # type: ignore[override]  # follows from the transition
        act, move = ACTS[self.transition], TRANSITIONS[self.transition]
        return {
            "POST": Operation(
                id=f"referrals_{self.transition.name.lower()}",
                tag="referrals",
                summary=act.summary,
                description=act.description,
                permission=move.permission,
                takes=(WordsAndFiles if move.takes_files else Words) if move.needs_text else Nothing,
                answers=ReferralRow,
                refusals={409: CONFLICT + (FOUR_EYES if self.transition is T.APPROVE else "")},
            )
        }

    def post(self, request: Request, reference: str) -> HttpResponse:
        referral = access_referral(self.principal, reference, self.permission)
        words = read(takes(self), request.data)
        ACTS[self.transition].one(referral, **words, by=self.principal, at=self.at)
        moved = access_referral(self.principal, reference)
        return answer(write_referral(moved, by=self.principal, at=self.at))


class ReferralActs(ApiView):
    """The same for a list, with a result per reference: the good ones are taken whatever the others are."""

    transition: Transition = T.SUBMIT

    @property
    def operations(self) -> Mapping[str, Operation]:  # type: ignore[override]  # follows from the transition
        act, move = ACTS[self.transition], TRANSITIONS[self.transition]
        return {
            "POST": Operation(
                id=f"referrals_{self.transition.name.lower()}_many",
                tag="referrals",
                summary=f"{act.summary}: a list",
                description=f"{act.description} Up to 1,000 references; each has its own result.",
                permission=move.permission,
                takes=ReferencesWithWords if move.needs_text else References,
                answers=Acted,
            )
        }

    def post(self, request: Request) -> HttpResponse:
        given = read(takes(self), request.data)
        references = given.pop("references")
        many = ACTS[self.transition].many
        results = many(references, **given, by=self.principal, at=self.at) if many else {}
        return answer({"rows": [write_row(place, results[one]) for place, one in enumerate(references)]})


def takes(view: ApiView) -> Shape:
    return view.operations["POST"].takes or Nothing


def write_row(place: int, moved: Moved) -> dict[str, Any]:
    return {
        "row": place,
        "reference": moved.reference,
        "result": "done" if moved.done else "refused",
        "state": moved.state or None,
        "code": moved.code or None,
        "detail": str(moved.detail) or None,
    }

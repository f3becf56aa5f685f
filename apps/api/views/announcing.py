"""A platform says when its answer will come. The next reminder waits until then."""

from django.http import HttpResponse

from apps.api.answers import answer
from apps.api.http import Request
from apps.api.reading import read
from apps.api.schema import Operation
from apps.api.serializers.acts import Acted
from apps.api.serializers.announcing import AnnouncementIn, AnnouncementsIn
from apps.api.serializers.referrals import ReferralRow, write_referral
from apps.api.views.acts import write_row
from apps.api.views.base import ApiView
from apps.deadlines import services
from apps.organisations.permissions import Permission
from apps.referrals.access import access_referral

WHAT = (
    "The sender reads it on the timeline. The next reminder is not sent before `until`; later ones keep their times."
    " `until` is at most 14 days ahead. A time limit of the law does not wait."
)
CONFLICT = "`law_does_not_wait`: a time limit of the law runs. `nothing_to_hold`: no reminder is ahead."


class AnnounceOne(ApiView):
    operations = {
        "POST": Operation(
            id="referrals_announce",
            tag="referrals",
            summary="Announce an answer",
            description=WHAT,
            permission=Permission.ANSWER_REFERRALS,
            takes=AnnouncementIn,
            answers=ReferralRow,
            refusals={409: CONFLICT, 422: "`announcement_out_of_reach`: not in the future, or too far ahead."},
        )
    }

    def post(self, request: Request, reference: str) -> HttpResponse:
        referral = access_referral(self.principal, reference, self.permission)
        services.announce(referral, **read(AnnouncementIn, request.data), by=self.principal, at=self.at)
        return answer(write_referral(access_referral(self.principal, reference), by=self.principal, at=self.at))


class AnnounceMany(ApiView):
    operations = {
        "POST": Operation(
            id="referrals_announce_many",
            tag="referrals",
            summary="Announce an answer: a list",
            description=f"{WHAT} Up to 1,000 references; each has its own result.",
            permission=Permission.ANSWER_REFERRALS,
            takes=AnnouncementsIn,
            answers=Acted,
            refusals={422: "`announcement_out_of_reach`: not in the future, or too far ahead."},
        )
    }

    def post(self, request: Request) -> HttpResponse:
        given = read(AnnouncementsIn, request.data)
        references = given.pop("references")
        results = services.announce_set(references, **given, by=self.principal, at=self.at)
        return answer({"rows": [write_row(place, results[one]) for place, one in enumerate(references)]})

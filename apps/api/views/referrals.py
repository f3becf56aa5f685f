from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse

from apps.api.answers import answer
from apps.api.filters.referrals import ReferralFilters
from apps.api.http import Request
from apps.api.schema import Operation
from apps.api.selectors import events_of
from apps.api.serializers.referrals import (
    CASE,
    PARTIES,
    ReferralDetail,
    ReferralRow,
    parties_of,
    write_referral,
    write_referral_detail,
)
from apps.api.views.base import ApiView
from apps.api.views.lists import ListView
from apps.audit.services import consulted
from apps.delivery.services import note_read
from apps.organisations.permissions import Permission
from apps.referrals.access import access_referral
from apps.referrals.explaining.facts import explanations
from apps.referrals.models import Referral
from apps.referrals.paging import Order
from apps.referrals.selectors import attachments_of


class Referrals(ListView):
    filters = ReferralFilters
    orders = {"newest": Order("filed_at", descending=True), "due": Order("due_at", may_be_empty=True)}
    order_meaning = "`newest` first, or what is `due` first; `due` shows only what waits for an answer."
    operations = {
        "GET": Operation(
            id="referrals_list",
            tag="referrals",
            summary="List referrals",
            description="A sender's own referrals, or those a platform has been sent. Reading them is logged.",
            permission=Permission.VIEW_REFERRALS,
            answers=ReferralRow,
            paged=True,
        )
    }

    def columns(self) -> Order:
        """A platform's newest is what came last; when it was filed is the sender's business."""
        if self.order == "newest" and self.principal.organisation.receives:
            return Order("sent_at", descending=True)
        return super().columns()

    def rows(self) -> QuerySet[Referral]:
        rows = Referral.objects.visible_to(self.principal).defer("reasons", "legal_basis").annotate(**PARTIES)
        if self.order == "due":
            rows = rows.unanswered()
        return rows.annotate(**CASE) if self.principal.organisation.sends else rows

    def write(self, rows: Sequence[Referral]) -> Sequence[Mapping[str, Any]]:
        return [write_referral(row, parties_of(row), by=self.principal, at=self.at) for row in rows]

    def note(self, rows: Sequence[Referral]) -> None:
        consulted(
            "referral.listed",
            organisation_id=self.principal.organisation_id,
            target_type="referral",
            targets=[row.reference for row in rows],
            by=self.principal,
            at=self.at,
        )


class OneReferral(ApiView):
    operations = {
        "GET": Operation(
            id="referrals_read",
            tag="referrals",
            summary="Read a referral",
            description="With what happened to it. Its addresses are at `GET items/?referral=`. Reading it is logged.",
            permission=Permission.VIEW_REFERRALS,
            answers=ReferralDetail,
        )
    }

    def get(self, request: Request, reference: str) -> HttpResponse:
        referral = access_referral(self.principal, reference, self.permission)
        consulted(
            "referral.consulted",
            organisation_id=self.principal.organisation_id,
            target_type="referral",
            targets=[referral.reference],
            by=self.principal,
            at=self.at,
        )
        if self.principal.organisation.receives:
            note_read([referral.reference], through="api", by=self.principal, at=self.at)
        events, files = events_of(referral), attachments_of(referral)
        clocks = explanations(referral, events)
        return answer(write_referral_detail(referral, clocks, events, files, by=self.principal, at=self.at))

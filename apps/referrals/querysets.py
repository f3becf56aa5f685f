from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from apps.organisations.permissions import Permission
from apps.referrals.transitions import UNANSWERED
from apps.tenancy.managers import TenantManager

if TYPE_CHECKING:
    from apps.accounts.principal import Principal
    from apps.referrals.models import Case, Item, Referral  # noqa: F401  named in strings below

UNANSWERED_STATES = sorted(UNANSWERED)


def side_of(principal: Principal) -> Q:
    """The one side of an envelope this principal stands on. Naming one side is what reaches the index."""
    if not principal.may(Permission.VIEW_REFERRALS):
        return Q(pk__in=[])
    if principal.organisation.receives:
        return Q(recipient_id=principal.organisation_id, disclosed=True)
    return Q(sender_id=principal.organisation_id)


class CaseQuerySet(QuerySet["Case"]):
    def visible_to(self, principal: Principal) -> CaseQuerySet:
        if not principal.may(Permission.VIEW_REFERRALS):
            return self.none()
        return self.filter(organisation_id=principal.organisation_id)


class ReferralQuerySet(QuerySet["Referral"]):
    # Who may see

    def visible_to(self, principal: Principal) -> ReferralQuerySet:
        """Every read made for a person starts here."""
        return self.filter(side_of(principal))

    # Which ones

    def unanswered(self) -> ReferralQuerySet:
        return self.filter(state__in=UNANSWERED_STATES)

    def overdue(self, at: datetime) -> ReferralQuerySet:
        """An answer is owed, the clock runs, and it has run out."""
        return self.due_before(at)

    def due_before(self, moment: datetime) -> ReferralQuerySet:
        """An answer is owed, the clock runs, and it runs out before a moment."""
        return self.unanswered().exclude(state="info_requested").filter(due_at__lt=moment)

    # How to read them

    def with_parties(self) -> ReferralQuerySet:
        return self.select_related("sender", "recipient")

    def lock(self, pk: int) -> Referral:
        return self.select_for_update(of=("self",)).get(pk=pk)


class ItemQuerySet(QuerySet["Item"]):
    def visible_to(self, principal: Principal) -> ItemQuerySet:
        return self.filter(side_of(principal))

    def open(self) -> ItemQuerySet:
        return self.filter(state="open")

    def overdue(self, at: datetime) -> ItemQuerySet:
        return self.open().filter(due_at__lt=at)

    def with_referral(self) -> ItemQuerySet:
        return self.select_related("referral", "sender", "recipient")


CaseManager = TenantManager.from_queryset(CaseQuerySet)
ReferralManager = TenantManager.from_queryset(ReferralQuerySet)
ItemManager = TenantManager.from_queryset(ItemQuerySet)

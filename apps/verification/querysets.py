from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from apps.referrals.querysets import side_of
from apps.tenancy.managers import TenantManager

if TYPE_CHECKING:
    from apps.accounts.principal import Principal
    from apps.verification.models import Review  # noqa: F401  named in strings below


class ReviewQuerySet(QuerySet["Review"]):
    def visible_to(self, principal: Principal) -> ReviewQuerySet:
        return self.filter(side_of(principal))

    def open(self) -> ReviewQuerySet:
        return self.filter(state__in=["waiting", "taken_up"])


ReviewManager = TenantManager.from_queryset(ReviewQuerySet)

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from apps.statistics.access import scope_of
from apps.statistics.dimensions import Scope
from apps.tenancy.managers import TenantManager

if TYPE_CHECKING:
    from apps.accounts.principal import Principal
    from apps.statistics.models import Cell  # noqa: F401  the row type in the string below


class CellQuerySet(QuerySet["Cell"]):
    def visible_to(self, principal: Principal) -> CellQuerySet:
        """The one scope whose figures a principal may see. Every read made for a person starts here."""
        scope = scope_of(principal)
        if scope is None:
            return self.none()
        if scope is Scope.ALL:
            return self.filter(scope=scope, organisation__isnull=True)
        return self.filter(scope=scope, organisation_id=principal.organisation_id)


CellManager = TenantManager.from_queryset(CellQuerySet)

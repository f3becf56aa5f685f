from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from apps.organisations.permissions import Permission
from apps.statistics.dimensions import Scope

if TYPE_CHECKING:
    from apps.accounts.principal import Principal


def scope_of(principal: Principal) -> Scope | None:
    """Whose figures a principal sees: everybody's, what its organisation sent or received, or nobody's (None)."""
    if principal.may(Permission.OVERSEE_STATISTICS):
        return Scope.ALL
    if not principal.may(Permission.VIEW_STATISTICS):
        return None
    if principal.organisation.sends:
        return Scope.SENT
    return Scope.RECEIVED if principal.organisation.receives else None


def access_scope(principal: Principal) -> Scope:
    """The same; raises `PermissionDenied` for those who have no figures to see."""
    scope = scope_of(principal)
    if scope is None:
        raise PermissionDenied
    return scope

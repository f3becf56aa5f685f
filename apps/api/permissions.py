from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

from apps.accounts.principal import Principal

if TYPE_CHECKING:  # REST framework's views import this module while they are being imported themselves
    from rest_framework.request import Request as RestRequest
    from rest_framework.views import APIView


class HasPrincipal(BasePermission):
    """A usable token. What it may do is asked per view, by `access_*`."""

    def has_permission(self, request: RestRequest, view: APIView) -> bool:
        return isinstance(request.user, Principal)

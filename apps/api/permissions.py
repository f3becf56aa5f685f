from rest_framework.permissions import BasePermission
from rest_framework.request import Request as RestRequest
from rest_framework.views import APIView

from apps.accounts.principal import Principal


class HasPrincipal(BasePermission):
    """A usable token. What it may do is asked per view, by `access_*`."""

    def has_permission(self, request: RestRequest, view: APIView) -> bool:
        return isinstance(request.user, Principal)

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request as RestRequest

from apps.accounts.principal import Principal


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer rp_…`. The middleware has resolved it already, to open the tenant context in time."""

    def authenticate(self, request: RestRequest) -> tuple[Principal, None] | None:
        principal: Principal | None = getattr(request._request, "principal", None)
        return (principal, None) if principal else None

    def authenticate_header(self, request: RestRequest) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # the library's registry hook
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token of the portal: `rp_…`."}

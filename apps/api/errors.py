"""Every error is a problem document (RFC 9457) with a stable `code`."""

from typing import Any

from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from apps.core.errors import Conflict, DomainError

TYPE = "application/problem+json"


def problem(code: str, detail: str, *, status: int, **facts: Any) -> Response:
    """A problem document. `facts` are its extension members, e.g. the present `state`."""
    body = {"type": "about:blank", "title": code.replace("_", " ").capitalize(), "status": status}
    return Response({**body, "code": code, "detail": detail, **facts}, status=status, content_type=TYPE)


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Broken rules become 409 or 422 with their code; REST framework's own errors get the same shape."""
    if isinstance(exc, DomainError):
        code = status.HTTP_409_CONFLICT if isinstance(exc, Conflict) else status.HTTP_422_UNPROCESSABLE_ENTITY
        return problem(exc.code, str(exc), status=code, **exc.facts)
    response = exception_handler(exc, context)
    if response is None:
        return None
    named = problem(*described(response.data), status=response.status_code, **fields_of(response.data))
    for header in ("WWW-Authenticate", "Retry-After", "Allow"):
        if header in response:
            named[header] = response[header]
    return named


def described(data: Any) -> tuple[str, str]:
    detail = data.get("detail") if isinstance(data, dict) else None
    if detail is None:
        return "invalid", "Some fields are missing or wrong; see `errors`."
    return str(getattr(detail, "code", "error")), str(detail)


def fields_of(data: Any) -> dict[str, Any]:
    return {} if isinstance(data, dict) and "detail" in data else {"errors": data}

"""What leaves the API: JSON bytes, written without a renderer in between."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise

JSON = "application/json"
PROBLEM = "application/problem+json"


def answer(data: Any, *, status: int = HTTPStatus.OK) -> HttpResponse:
    return HttpResponse(to_json(data), status=status, content_type=JSON)


def problem(code: str, detail: str | Promise, *, status: int, **facts: Any) -> HttpResponse:
    """A problem document (RFC 9457). `code` is stable; `facts` are extension members, e.g. the present `state`."""
    body: Mapping[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **facts,
    }
    return HttpResponse(to_json(body), status=status, content_type=PROBLEM)


def to_json(data: Any) -> bytes:
    """UTF-8. Half a surrogate pair, repeated from what a client sent, leaves as the escape it came as."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return text.encode("utf-8", "backslashreplace")


def moment(at: datetime | None) -> str | None:
    """A moment in UTC, as RFC 3339 has it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def _plain(value: Any) -> str | None:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, Promise | date):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form.")

"""Every error is a problem document (RFC 9457) with a stable `code`."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils.functional import Promise
from django.utils.log import log_response
from django.utils.translation import gettext_lazy as _
from psycopg.errors import DeadlockDetected, LockNotAvailable, QueryCanceled
from rest_framework import exceptions

from apps.api.answers import problem
from apps.core.errors import Conflict, DomainError


class BadRequest(Exception):
    """The request cannot be read as it stands: wrong JSON, an unknown parameter, a missing header."""

    def __init__(self, code: str, detail: str | Promise, *, status: int = HTTPStatus.BAD_REQUEST, **facts: Any):
        super().__init__(code)
        self.code, self.detail, self.status, self.facts = code, detail, status, facts


# What each status means where nothing more can be said. A thing that is not there and a thing that belongs to
# somebody else are the same: the body says nothing about which it was.
SENTENCES: Mapping[int, tuple[str, str | Promise]] = MappingProxyType(
    {
        400: ("bad_request", _("The request cannot be read. Check its method, headers and body.")),
        401: (
            "not_authenticated",
            _("No usable token came with the request. Send “Authorization: Bearer rp_…” with a token that is valid."),
        ),
        403: ("permission_denied", _("This token may not do that. Use one whose scopes and holder allow it.")),
        404: ("not_found", _("There is nothing here that this token may see. Check the reference and the address.")),
        405: (
            "method_not_allowed",
            _("This address has no such method. The header “Allow” lists those it has."),
        ),
        406: ("not_acceptable", _("This API answers with application/json. Leave “Accept” out, or name that.")),
        413: ("too_large", _("The body is larger than 20 MiB. Send it in several requests.")),
        415: ("unsupported_media_type", _("This API reads application/json. Send “Content-Type: application/json”.")),
        503: ("busy", _("Somebody else is changing the same thing. Nothing was changed; try again in a moment.")),
        500: ("server_error", _("Something failed on our side, and nothing was changed. Try again in a minute.")),
    }
)


def handle(exc: Exception, context: dict[str, Any]) -> HttpResponse:
    """The one way from an exception to an answer; REST framework calls it for whatever a view raises."""
    if isinstance(exc, DomainError):
        status = HTTPStatus.CONFLICT if isinstance(exc, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY
        return problem(exc.code, str(exc), status=status, **exc.facts)
    if isinstance(exc, BadRequest):
        return problem(exc.code, exc.detail, status=exc.status, **exc.facts)
    response = plain(_status_of(exc))
    if isinstance(exc, exceptions.APIException):
        _copy_headers(exc, context, response)
    if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = "1"
    if response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR:
        _report(exc, context["request"]._request, response)
    return response


def plain(status: int) -> HttpResponse:
    """The problem document of a status, always the same bytes."""
    code, detail = SENTENCES.get(status, SENTENCES[400])
    return problem(code, detail, status=status)


def _status_of(exc: Exception) -> int:
    if isinstance(exc, exceptions.APIException):
        return int(exc.status_code)
    if isinstance(exc, Http404):
        return HTTPStatus.NOT_FOUND
    if isinstance(exc, PermissionDenied):
        return HTTPStatus.FORBIDDEN
    if isinstance(exc, RequestDataTooBig):
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if isinstance(exc, SuspiciousOperation | UnreadablePostError):
        return HTTPStatus.BAD_REQUEST
    return HTTPStatus.SERVICE_UNAVAILABLE if is_contention(exc) else HTTPStatus.INTERNAL_SERVER_ERROR


def is_contention(exc: Exception) -> bool:
    """A lock that was not to be had in time, a deadlock, a statement that took too long: worth another try."""
    return isinstance(exc, OperationalError) and isinstance(
        exc.__cause__, LockNotAvailable | DeadlockDetected | QueryCanceled
    )


def _copy_headers(exc: exceptions.APIException, context: dict[str, Any], response: HttpResponse) -> None:
    if header := getattr(exc, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(exc, "wait", None):
        response["Retry-After"] = str(int(wait))
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        response["Allow"] = ", ".join(context["view"].allowed_methods)


def _report(exc: Exception, request: HttpRequest, response: HttpResponse) -> None:
    """What Django does for an exception that reaches it: tell whoever listens, and write the log."""
    got_request_exception.send(sender=None, request=request)
    log_response("%s: %s", "Server error", request.path, response=response, request=request, exception=exc)

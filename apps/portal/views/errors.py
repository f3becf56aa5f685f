"""Handlers for the two errors that Django renders without a request. Name them in the root URL configuration."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _plain("400.html", request, status=400)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    return _plain("500.html", request, status=500)


def _plain(template_name: str, request: HttpRequest, *, status: int) -> HttpResponse:
    """Without context processors: one of them may be what failed."""
    context = {"request_id": request.META.get("REQUEST_ID", "")}
    return HttpResponse(render_to_string(template_name, context), status=status)

"""What went wrong before a view could say it: a page for people, a problem document for programs."""

from django.http import HttpRequest, HttpResponse

from apps.accounts.middleware import API_PREFIX
from apps.api.errors import plain
from apps.portal.views import errors


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return plain(400) if request.path.startswith(API_PREFIX) else errors.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    return plain(500) if request.path.startswith(API_PREFIX) else errors.server_error(request)

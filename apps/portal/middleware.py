from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.accounts.middleware import API_PREFIX
from apps.portal.views import probes

PROBES = {"/healthz": probes.healthz, "/readyz": probes.readyz, "/metrics": probes.metrics}


class ProbeMiddleware:
    """Answer the machines that ask whether this one lives: by any host name, without TLS, with the database away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path_info)
        return probe(request) if probe else self.get_response(request)


class MembershipMiddleware:
    """Tell whoever is signed in and belongs to no organisation what to do; every page else may rely on a principal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_: object) -> HttpResponse | None:
        is_page = getattr(view, "login_required", True) and not request.path.startswith(API_PREFIX)
        if is_page and request.user.is_authenticated and getattr(request, "principal", None) is None:
            return render(request, "portal/desk/homeless.html", status=403)
        return None

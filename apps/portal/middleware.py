from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.accounts.middleware import API_PREFIX


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

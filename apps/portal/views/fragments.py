from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from apps.accounts.http import Request


def render_part(
    request: Request, template: str, context: dict[str, Any], *, parts: Mapping[str, str], status: int = 200
) -> HttpResponse:
    """The whole page, or the one part htmx asks for: `parts` names a template for the id of each swap target.

    A page that the browser restores from its history is always whole. The address a part leaves in the browser names
    only what is asked, not every empty field of the filter bar.
    """
    is_part = bool(request.htmx) and not request.htmx.history_restore_request
    if is_part:
        template = parts.get(request.htmx.target or "", template)
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    if is_part:
        response["HX-Push-Url"] = _address(request)
    return response


def _address(request: Request) -> str:
    asked = request.GET.copy()
    for key, values in request.GET.lists():
        asked.setlist(key, [value for value in values if value])
    return f"{request.path}?{asked.urlencode()}" if any(asked.values()) else request.path

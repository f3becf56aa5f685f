from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from apps.portal.presenters.context import DENSITIES, THEMES

CHOICES = {"theme": THEMES, "density": DENSITIES}
A_YEAR = 60 * 60 * 24 * 365


@require_POST
@login_not_required
def appearance(request: HttpRequest) -> HttpResponse:
    """Remember colours and density in cookies; the scripts do the same without a round trip."""
    response = HttpResponseRedirect(safe_next(request))
    for key, allowed in CHOICES.items():
        chosen = request.POST.get(key)
        if chosen in allowed:
            response.set_cookie(key, chosen, max_age=A_YEAR, samesite="Lax", secure=request.is_secure())
        elif chosen == "":
            response.delete_cookie(key, samesite="Lax")
    return response


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """Where the form came from, if that lies on this site."""
    target = request.POST.get("next", "")
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(target, allowed_hosts=hosts, require_https=request.is_secure()):
        return target
    return resolve_url(default)

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info

from apps.accounts.roles import Role
from apps.organisations.models import Kind
from apps.organisations.permissions import Permission
from apps.portal.presenters.navigation import Reader, Section, sections_for

THEMES = ("light", "dark")
DENSITIES = ("compact",)
FRAME_LINKS = {
    "home": "portal:desk",
    "search": "portal:inbox",
    "appearance": "portal:appearance",
    "language": "portal:language",
    "organisation_switch": "portal:organisation-switch",
    "account": "portal:account",
    "sign_in": "account_login",
    "sign_out": "account_logout",
}


def shell(request: HttpRequest) -> dict[str, Any]:
    """What the page frame needs. Lazy where it costs: an htmx fragment asks for none of it."""
    principal = getattr(request, "principal", None)
    return {
        "principal": principal,
        "nav": SimpleLazyObject(lambda: _navigation(request)),
        "frame": SimpleLazyObject(lambda: frame_links(principal)),
        "acting_for": SimpleLazyObject(lambda: acting_for(request)),
        "languages": [get_language_info(code) for code, _name in settings.LANGUAGES],
        "appearance": appearance_of(request),
        "request_id": request.META.get("REQUEST_ID", ""),
    }


def appearance_of(request: HttpRequest) -> dict[str, str]:
    """Theme and density from their cookies; anything unknown means the default."""
    theme, density = request.COOKIES.get("theme", ""), request.COOKIES.get("density", "")
    return {
        "theme": theme if theme in THEMES else "",
        "density": density if density in DENSITIES else "",
    }


def frame_links(principal: Reader | None) -> dict[str, str]:
    """Addresses the frame links to; empty where a page is not there or not theirs, so that the frame leaves it out."""
    links = {key: _url(name) for key, name in FRAME_LINKS.items()}
    may_search = principal is not None and principal.may(Permission.VIEW_REFERRALS)
    return links if may_search else {**links, "search": ""}


def acting_for(request: HttpRequest) -> dict[str, Any]:
    """Whom the person acts for, as words, and for whom else they could."""
    principal = getattr(request, "principal", None)
    if principal is None:
        return {"name": "", "kind": "", "role": "", "others": []}
    organisation = principal.organisation
    others = [one.organisation for one in getattr(request, "memberships", ()) if one.organisation_id != organisation.id]
    return {
        "name": organisation.name,
        "kind": Kind(organisation.kind).label,
        "role": Role(principal.role).label if principal.role else "",
        "others": others,
    }


def _navigation(request: HttpRequest) -> list[Section]:
    principal = getattr(request, "principal", None)
    return sections_for(principal, path=request.path)


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""

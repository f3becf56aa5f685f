import zoneinfo
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone, translation

from apps.accounts.models import User
from apps.accounts.principal import Principal
from apps.accounts.secrets import TOKEN_PREFIX, digest_of
from apps.accounts.selectors import memberships_of, principal_of, token_principal
from apps.accounts.services import note_token_use
from apps.tenancy.context import Context, acting_as

API_PREFIX = "/api/"
ORGANISATION_KEY = "organisation_id"
Handler = Callable[[HttpRequest], HttpResponse]


class PreferencesMiddleware:
    """Show pages in the language the person has chosen, whatever browser they sit at."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(API_PREFIX) and request.user.is_authenticated and request.user.language:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class PrincipalMiddleware:
    """Resolve who acts, then run the view and its rendering inside one transaction that is theirs alone.

    A session leads to the organisation chosen in the switcher, a bearer token to the one it is bound to.
    """

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        principal = bearer(request) if request.path.startswith(API_PREFIX) else signed_in(request)
        request.principal = principal  # type: ignore[attr-defined]  # accounts.http.Request declares it
        if principal is None:
            return self.get_response(request)
        with timezone.override(zone_of(request, principal)), acting_as(principal):
            response = self.get_response(request)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response


def zone_of(request: HttpRequest, principal: Principal) -> zoneinfo.ZoneInfo:
    """The person's own time zone on the web, else the organisation's."""
    own = "" if principal.token_id else getattr(request.user, "time_zone", "")
    return zoneinfo.ZoneInfo(own or principal.organisation.time_zone)


def bearer(request: HttpRequest) -> Principal | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.startswith(TOKEN_PREFIX):
        return None
    found = token_principal(digest_of(token))
    if found and found.note_use:
        note_token_use(found.principal)
    return found.principal if found else None


def signed_in(request: HttpRequest) -> Principal | None:
    user = request.user
    if not isinstance(user, User):
        return None
    with acting_as(Context(user_id=user.pk)):
        memberships = memberships_of(user)
        request.memberships = memberships  # type: ignore[attr-defined]  # for the organisation switcher
        if not memberships:
            return None
        chosen = request.session.get(ORGANISATION_KEY)
        return principal_of(user, next((m for m in memberships if m.organisation_id == chosen), memberships[0]))

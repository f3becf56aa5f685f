from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts import services
from apps.accounts.access import access_invitation
from apps.accounts.http import Request
from apps.accounts.middleware import ORGANISATION_KEY
from apps.accounts.models import Invitation, User
from apps.accounts.services import InvitationUnusable, SignInFirst
from apps.core.errors import Conflict, DomainError
from apps.portal.forms.signin import JoinForm
from apps.portal.presenters.people import invitation_page
from apps.portal.views import members

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@never_cache
@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of the mail. Only POST acts: mail scanners follow links."""
    try:
        found = services.find_invitation(token, at=timezone.now())
        if request.method == "POST":
            return join(request, token, found)
    except InvitationUnusable as problem:
        page = {"why": problem.facts["why"]}
        return render(request, "portal/invitations/unusable.html", page, status=410)
    return show(request, found, JoinForm(email=found.email))


def join(request: HttpRequest, token: str, found: Invitation) -> HttpResponse:
    if isinstance(request.user, User):
        return join_as(request, token, found, request.user)
    form = JoinForm(request.POST, email=found.email)
    if not form.is_valid():
        return show(request, found, form, status=422)
    try:
        user = services.accept(token, **form.cleaned_data, at=timezone.now())
    except SignInFirst as problem:
        form.add_error(None, str(problem))
        return show(request, found, form, status=409)
    login(request, user, backend=BACKEND)
    return welcome(request, found)


def join_as(request: HttpRequest, token: str, found: Invitation, user: User) -> HttpResponse:
    try:
        services.accept_as(token, user=user, at=timezone.now())
    except Conflict as problem:
        messages.error(request, str(problem))
        return show(request, found, JoinForm(email=found.email), status=409)
    return welcome(request, found)


def welcome(request: HttpRequest, found: Invitation) -> HttpResponse:
    """On to work, for the organisation that has just been joined; who took a platform over makes it ready first."""
    request.session[ORGANISATION_KEY] = found.organisation_id
    messages.success(request, _("Welcome. You act for %(name)s now.") % {"name": found.organisation.name})
    return redirect("portal:desk" if found.invited_by_id else "portal:platform-own")


def show(request: HttpRequest, found: Invitation, form: JoinForm, *, status: int = 200) -> HttpResponse:
    page = invitation_page(found, user=request.user if isinstance(request.user, User) else None)
    with timezone.override(found.organisation.time_zone):
        return render(request, "portal/invitations/invitation.html", {"page": page, "form": form}, status=status)


@require_POST
def resend(request: Request, pk: int) -> HttpResponse:
    offer = access_invitation(request.principal, pk)
    try:
        sent = services.resend_invitation(offer, by=request.principal, at=timezone.now())
    except DomainError as problem:
        messages.error(request, str(problem))
        return redirect("portal:members")
    return members.show(request, sent=sent)


@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    offer = access_invitation(request.principal, pk)
    services.revoke_invitation(offer, by=request.principal, at=timezone.now())
    messages.success(request, _("The invitation of %(email)s cannot be used any more.") % {"email": offer.email})
    return redirect("portal:members")

"""The one way from a request to people and their credentials: 404 where it is not theirs to see, 403 not to do."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404

from apps.accounts.models import ApiToken, Invitation, Membership
from apps.accounts.principal import Principal
from apps.organisations.permissions import Permission


def need_administrator(principal: Principal) -> None:
    """Refuse (403) whoever does not look after the people of the organisation they act for."""
    if not principal.may(Permission.MANAGE_MEMBERS):
        raise PermissionDenied


def need_operator(principal: Principal) -> None:
    """Refuse (403) whoever does not look after the installation; `manage.py operator` grants it, no role does."""
    if not principal.is_operator:
        raise PermissionDenied


def access_member(principal: Principal, pk: int) -> Membership:
    """A membership of the acting organisation, for its administrators."""
    found = Membership.objects.filter(organisation_id=principal.organisation_id, pk=pk)
    membership = found.select_related("user", "organisation").first()
    if membership is None:
        raise Http404
    need_administrator(principal)
    return membership


def access_invitation(principal: Principal, pk: int) -> Invitation:
    """An invitation of the acting organisation, for its administrators."""
    found = Invitation.objects.filter(organisation_id=principal.organisation_id, pk=pk)
    invitation = found.select_related("organisation").first()
    if invitation is None or not principal.may(Permission.MANAGE_MEMBERS):
        raise Http404
    return invitation


def access_token(principal: Principal, pk: int) -> ApiToken:
    """One's own token in the acting organisation; any of the organisation's for its administrators."""
    mine = Q() if principal.may(Permission.MANAGE_MEMBERS) else Q(user_id=principal.user_id)
    token = ApiToken.objects.filter(mine, organisation_id=principal.organisation_id, pk=pk).first()
    if token is None:
        raise Http404
    return token

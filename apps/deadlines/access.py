"""Who reads what an organisation asks for or promises: its own people, and whoever is measured by it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from apps.accounts.principal import Principal
from apps.organisations.access import access_own_house, access_platform
from apps.organisations.models import Organisation
from apps.organisations.models.organisation import SENDERS
from apps.organisations.permissions import Permission
from apps.referrals.models import Referral


def access_own_policy(principal: Principal, permission: Permission | None = None) -> Organisation:
    """The acting organisation, where it sends or receives; 404 for others, 403 for whoever may only read."""
    house = access_own_house(principal)
    if permission is not None and not principal.may(permission):
        raise PermissionDenied
    return house


def access_policy_of(principal: Principal, slug: str) -> Organisation:
    """Whose policy a counterpart may read: a sender that of each platform, a platform that of who has sent to it."""
    facts = principal.organisation
    if slug == facts.slug:
        return access_own_policy(principal)
    if facts.sends:
        return access_platform(principal, slug)
    senders = Organisation.objects.filter(slug=slug, kind__in=SENDERS, is_active=True)
    found = senders.first() if facts.receives else None
    if found is None or not Referral.objects.visible_to(principal).filter(sender=found).exists():
        raise Http404
    return found

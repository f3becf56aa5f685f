"""The one way from a request to an endpoint or a delivery: 404 where it is not theirs to see, 403 not to do."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from apps.accounts.principal import Principal
from apps.delivery.models import Delivery, Endpoint
from apps.delivery.selectors import deliveries_of, endpoints_of
from apps.organisations.permissions import Permission


def need_webhooks(principal: Principal) -> None:
    """Refuse (403) whoever does not look after the systems of the organisation they act for."""
    if not principal.may(Permission.MANAGE_WEBHOOKS):
        raise PermissionDenied


def access_endpoint(principal: Principal, public_id: UUID) -> Endpoint:
    """An endpoint of the acting organisation, for its administrators."""
    endpoint = endpoints_of(principal).filter(public_id=public_id).first()
    if endpoint is None:
        raise Http404
    need_webhooks(principal)
    return endpoint


def need_deliveries(principal: Principal) -> None:
    """Refuse (403) whoever neither works on referrals nor looks after the organisation's systems."""
    if not (principal.may(Permission.VIEW_REFERRALS) or principal.may(Permission.MANAGE_WEBHOOKS)):
        raise PermissionDenied


def access_delivery(principal: Principal, public_id: UUID) -> Delivery:
    """A message from or to the acting organisation."""
    delivery = deliveries_of(principal).filter(public_id=public_id).first()
    if delivery is None:
        raise Http404
    need_deliveries(principal)
    return delivery

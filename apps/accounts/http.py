from collections.abc import Sequence

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from apps.accounts.models import Membership, User
from apps.accounts.principal import Principal


class Request(HttpRequest):
    """A request as our middleware leaves it: someone is signed in and acts for an organisation. For annotations."""

    user: User
    principal: Principal
    memberships: Sequence[Membership]
    htmx: HtmxDetails

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.audit.models import Operation
from apps.audit.services import record
from apps.core.errors import Refused
from apps.delivery.models import ROUTABLE, Route


class RouteInvalid(Refused):
    code = "route_invalid"
    message = _("Name each channel once, and at least one of them. Nothing was changed.")


@transaction.atomic
def prefer_channels(channels: Sequence[str], *, by: Principal, at: datetime) -> None:
    """Say in which order the acting organisation wants to be reached; an empty list: as usual."""
    known = {channel.value for channel in ROUTABLE}
    if len(set(channels)) != len(channels) or not set(channels) <= known:
        raise RouteInvalid
    if channels:
        Route.objects.update_or_create(
            organisation_id=by.organisation_id, defaults={"channels": list(channels), "changed_at": at}
        )
    else:
        Route.objects.filter(organisation_id=by.organisation_id).delete()
    record(
        "route.changed",
        operation=Operation.ADMINISTER,
        organisation_id=by.organisation_id,
        target_type="organisation",
        target=by.organisation.slug,
        details={"channels": list(channels)},
        by=by,
        at=at,
    )

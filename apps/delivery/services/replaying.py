from datetime import datetime

from django.db.models import QuerySet

from apps.accounts.principal import Principal
from apps.audit.services import record
from apps.delivery.models import Channel, Delivery, DeliveryState


def replay(rows: QuerySet[Delivery], *, by: Principal, at: datetime) -> int:
    """Send dead letters again, from the first channel of the recipient's present order on; returns how many.

    What is not dead is left as it is, so that asking twice sends once. The caller has chosen rows that `by` may see.
    """
    dead = rows.filter(state=DeliveryState.DEAD)
    abouts = sorted(set(dead.values_list("about", flat=True)))
    count = dead.update(
        state=DeliveryState.QUEUED, channel=Channel.PUSH, route=[], attempts=0, next_at=at, lease_until=None
    )
    if count:
        record(
            "delivery.replayed",
            organisation_id=by.organisation_id,
            target_type="delivery",
            target=abouts[0] if len(abouts) == 1 else f"{count} deliveries",
            details={"references": abouts[:1000], "count": count},
            by=by,
            at=at,
        )
    return count

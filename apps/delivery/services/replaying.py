from dataclasses import dataclass
from datetime import datetime

from celery import current_app
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.audit.services import record
from apps.core.errors import Conflict
from apps.delivery.models import Channel, Delivery, DeliveryState
from apps.delivery.nudges import nudge

MOST = 5_000


class NotGivenUp(Conflict):
    code = "not_given_up"
    message = _("This message has not been given up, so it cannot be sent again.")


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many dead letters go out again, and how many more match."""

    count: int
    left: int


@transaction.atomic
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
        transaction.on_commit(hurry, robust=True)
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


def replay_one(delivery: Delivery, *, by: Principal, at: datetime) -> Delivery:
    """Send one dead letter again."""
    if not replay(Delivery.objects.filter(pk=delivery.pk), by=by, at=at):
        raise NotGivenUp
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def replay_many(rows: QuerySet[Delivery], *, by: Principal, at: datetime) -> Replayed:
    """Send the dead letters among these rows again, the oldest first, at most 5,000 at once."""
    dead = rows.filter(state=DeliveryState.DEAD)
    chosen = list(dead.order_by("pk").values_list("pk", flat=True)[:MOST])
    count = replay(Delivery.objects.filter(pk__in=chosen), by=by, at=at)
    return Replayed(count, dead.count())


def hurry() -> None:
    """Deliver now; a lost nudge costs seconds."""
    nudge(current_app.tasks["delivery.deliver_pending"].delay)

"""Which way a message goes: by the recipient's own order of channels, or the usual one, as far as it can be reached."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import connection

from apps.accounts.models import Membership
from apps.delivery.channels import ADAPTERS
from apps.delivery.models import Channel, Route
from apps.tenancy.context import acting_as, system

BATCH = 5_000
WITH_PEOPLE = (Channel.WEBHOOK, Channel.EMAIL)
WITHOUT_PEOPLE = (Channel.WEBHOOK, Channel.EMAIL_LINK, Channel.EMAIL)

_UNROUTED = """
SELECT DISTINCT recipient_id FROM delivery_delivery WHERE state = 'queued' AND channel = 'push' AND next_at <= %(at)s
"""
_ROUTE = """
WITH unrouted AS (
  SELECT id FROM delivery_delivery
   WHERE state = 'queued' AND channel = 'push' AND recipient_id = ANY(%(recipients)s) AND next_at <= %(at)s
   ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE delivery_delivery d
   SET channel = split_part(way.channels, ' ', 1), route = string_to_array(way.channels, ' ')
  FROM unrouted, unnest(%(recipients)s::bigint[], %(channels)s::text[]) AS way(recipient_id, channels)
 WHERE d.id = unrouted.id AND way.recipient_id = d.recipient_id
"""


def route_pending(*, at: datetime) -> int:
    """Give every message that has none its channels; returns how many."""
    count = 0
    while True:
        with acting_as(system("deliver")), connection.cursor() as cursor:
            cursor.execute(_UNROUTED, {"at": at})
            ways = ways_of([row[0] for row in cursor.fetchall()])
            if not ways:
                return count
            channels = [" ".join(str(c.value) for c in way) for way in ways.values()]
            cursor.execute(_ROUTE, {"at": at, "recipients": list(ways), "channels": channels, "limit": BATCH})
            routed: int = cursor.rowcount
            count += routed
            if routed < BATCH:
                return count


def ways_of(organisation_ids: Collection[int]) -> Mapping[int, Sequence[Channel]]:
    """The channels by which each organisation can be reached now, best first; else e-mail, to fail visibly."""
    if not organisation_ids:
        return {}
    wanted = orders_of(organisation_ids)
    reachable = {channel: adapter.reachable(organisation_ids) for channel, adapter in ADAPTERS.items()}
    return {
        pk: [one for one in order if pk in reachable.get(one, ())] or [Channel.EMAIL] for pk, order in wanted.items()
    }


def orders_of(organisation_ids: Collection[int]) -> Mapping[int, Sequence[Channel]]:
    """Each organisation's own order, or the usual one: who has no account gets a link to answer by."""
    own = dict(Route.objects.filter(organisation_id__in=organisation_ids).values_list("organisation_id", "channels"))
    peopled = set(
        Membership.objects.filter(organisation_id__in=organisation_ids, user__is_active=True)
        .values_list("organisation_id", flat=True)
        .distinct()
    )
    return {
        pk: [Channel(one) for one in own[pk]] if pk in own else (WITH_PEOPLE if pk in peopled else WITHOUT_PEOPLE)
        for pk in organisation_ids
    }

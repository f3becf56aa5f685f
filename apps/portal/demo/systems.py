"""How the demo's platforms are connected: one has a system of its own, and all have confirmed their contact points."""

from datetime import datetime, timedelta

from apps.accounts.roles import Role
from apps.delivery.models import ContactHealth, Endpoint, EndpointKey, EndpointState, Knock, KnockKind
from apps.delivery.webhooks.sealing import seal
from apps.delivery.webhooks.signing import new_pair
from apps.organisations.models import ContactPoint
from apps.portal.demo.stage import Stage

SLUG, ADDRESS = "streamhub", "https://hooks.streamhub.example/relay"
CONNECTED, PAUSED = timedelta(days=240), timedelta(days=6)
CONFIRMED_WITHIN_HOURS = 14 * 24


def connect_systems(stage: Stage, *, now: datetime) -> None:
    """The endpoint is paused: nobody answers at its address, and its messages go by the next channel."""
    platform, administrator = stage.organisations[SLUG], stage.seats[SLUG, Role.ADMINISTRATOR][0]
    if Endpoint.objects.filter(organisation=platform).exists():
        return
    endpoint = Endpoint.objects.create(
        organisation=platform,
        url=ADDRESS,
        description="Case system",
        state=EndpointState.PAUSED,
        since=now - PAUSED,
        created_at=now - CONNECTED,
        created_by_id=administrator.user_id,
    )
    pair = new_pair()
    key = EndpointKey(organisation=platform, endpoint=endpoint, public_key=pair.public, created_at=endpoint.created_at)
    key.sealed = seal(pair.packed(), row=key.public_id)
    key.save()
    for kind, at in ((KnockKind.CHALLENGE, endpoint.created_at), (KnockKind.TEST, now - PAUSED - timedelta(hours=1))):
        _passed(endpoint, kind, by=administrator.user_id, at=at)


def confirm_contacts(*, now: datetime) -> None:
    """Every contact point has said within a fortnight that it is the right one: a new demo asks nobody at once."""
    known = set(ContactHealth.objects.values_list("contact_point_id", flat=True))
    points = ContactPoint.objects.exclude(pk__in=known).exclude(verified_at=None).order_by("pk")
    ContactHealth.objects.bulk_create(
        ContactHealth(contact_point=point, sent_count=12, last_sent_at=at, last_success_at=at, last_verified_at=at)
        for place, point in enumerate(points)
        for at in [now - timedelta(hours=1 + place * 29 % CONFIRMED_WITHIN_HOURS)]
    )


def _passed(endpoint: Endpoint, kind: KnockKind, *, by: int, at: datetime) -> None:
    Knock.objects.create(
        organisation_id=endpoint.organisation_id,
        endpoint=endpoint,
        kind=kind,
        asked_at=at,
        asked_by_id=by,
        ended_at=at + timedelta(seconds=1),
        succeeded=True,
        code="200",
    )

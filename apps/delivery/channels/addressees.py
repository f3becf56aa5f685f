"""To which mailboxes a message goes: contact points by purpose, or the administrators' own where none is named."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from apps.accounts.models import Membership
from apps.accounts.roles import Role
from apps.delivery.models import Audience, Delivery
from apps.organisations.models import ContactPoint, ContactPurpose

PURPOSES: Mapping[str, Collection[str]] = {
    Audience.CONTACT: {ContactPurpose.AUTHORITIES},
    Audience.BACKUP: {ContactPurpose.BACKUP},
    Audience.EVERYONE: set(ContactPurpose) - {ContactPurpose.SUPERVISOR},
    Audience.SUPERVISOR: {ContactPurpose.SUPERVISOR},
}
Addressees = Mapping[tuple[int, str], Sequence[str]]  # by organisation and audience


def addressees(rows: Iterable[Delivery]) -> Addressees:
    """The addresses of every addressee among these messages, in two queries."""
    wanted = {(row.recipient_id, row.audience) for row in rows}
    points = _points({house for house, _audience in wanted})
    found = {(house, audience): _choose(points.get(house, ()), PURPOSES[audience]) for house, audience in wanted}
    nameless = {house for house, audience in wanted if audience == Audience.SUPERVISOR and not found[house, audience]}
    return {**found, **_administrators(nameless)} if nameless else found


def _points(houses: Collection[int]) -> Mapping[int, Sequence[ContactPoint]]:
    rows = ContactPoint.objects.filter(organisation_id__in=houses).select_related("health").order_by("pk")
    points: dict[int, list[ContactPoint]] = {}
    for row in rows:
        points.setdefault(row.organisation_id, []).append(row)
    return points


def _choose(points: Sequence[ContactPoint], purposes: Collection[str]) -> Sequence[str]:
    """Those whose mail came back last are left out as long as there is another; each address once."""
    fitting = [point for point in points if point.purpose in purposes]
    working = [point.email for point in fitting if not is_failing(point)]
    return list(dict.fromkeys(working or [point.email for point in fitting]))


def _administrators(houses: Collection[int]) -> Addressees:
    rows = Membership.objects.filter(
        organisation_id__in=houses, role=Role.ADMINISTRATOR, user__is_active=True
    ).order_by("user__email")
    found: dict[tuple[int, str], list[str]] = {}
    for house, address in rows.values_list("organisation_id", "user__email"):
        found.setdefault((house, Audience.SUPERVISOR), []).append(address)
    return found


def is_failing(point: ContactPoint) -> bool:
    return hasattr(point, "health") and point.health.is_failing

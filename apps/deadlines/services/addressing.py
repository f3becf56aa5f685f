"""Who can be told at all: an organisation's own choice of contacts, and what takes the place of those it lacks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from apps.accounts.models import Membership
from apps.accounts.roles import Role
from apps.delivery.models import Audience
from apps.organisations.models import ContactPoint, ContactPurpose


@dataclass(frozen=True, slots=True)
class Reach:
    """What one organisation has: a backup contact, a supervisor or an administrator, people with accounts."""

    has_backup: bool
    has_supervisor: bool
    has_people: bool

    def instead_of(self, audience: Audience | None) -> Audience | None:
        """Whom to tell in fact; None where there is nobody. Without a backup contact, every contact point is told."""
        if audience is Audience.BACKUP and not self.has_backup:
            return Audience.EVERYONE
        if audience is Audience.SUPERVISOR and not self.has_supervisor:
            return None
        return audience


def reach_of(houses: Collection[int]) -> Mapping[int, Reach]:
    """Two queries for any number of organisations."""
    named = ContactPoint.objects.filter(
        organisation_id__in=houses, purpose__in=[ContactPurpose.BACKUP, ContactPurpose.SUPERVISOR]
    )
    purposes = set(named.values_list("organisation_id", "purpose"))
    members = Membership.objects.filter(organisation_id__in=houses, user__is_active=True)
    people = set(members.values_list("organisation_id", "role"))
    return {
        pk: Reach(
            has_backup=(pk, ContactPurpose.BACKUP.value) in purposes,
            has_supervisor=(pk, ContactPurpose.SUPERVISOR.value) in purposes
            or (pk, Role.ADMINISTRATOR.value) in people,
            has_people=any(house == pk for house, _role in people),
        )
        for pk in houses
    }

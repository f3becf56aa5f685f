import pytest
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Membership
from apps.accounts.roles import Role
from apps.accounts.selectors import principal_of
from apps.accounts.services.members import LastAdministrator, UnknownRole
from apps.audit.models import AuditEntry
from apps.organisations.permissions import Permission
from apps.tenancy.context import acting_as
from tests.factories import PlatformFactory, ReferralUnitFactory, member, principal_for

NOW = timezone.now()


@pytest.fixture
def unit():
    return ReferralUnitFactory()


@pytest.fixture
def administrator(unit):
    return principal_for(unit, Role.ADMINISTRATOR)


def membership(user):
    return Membership.objects.select_related("organisation", "user").get(user=user)


class TestChangeRole:
    def test_gives_the_new_roles_permissions_and_takes_the_old_ones(self, unit, administrator):
        officer = member(unit, Role.OFFICER)
        with acting_as(administrator):
            services.change_role(membership(officer), role=Role.REVIEWER, by=administrator, at=NOW)
        assert principal_of(officer, membership(officer)).may(Permission.APPROVE_REFERRALS)
        assert AuditEntry.objects.get(verb="membership.changed").details == {"role": "reviewer"}

    def test_refuses_a_role_of_another_kind_of_organisation(self, unit, administrator):
        officer = member(unit, Role.OFFICER)
        with acting_as(administrator), pytest.raises(UnknownRole):
            services.change_role(membership(officer), role=Role.CONTACT_POINT, by=administrator, at=NOW)

    def test_keeps_the_last_administrator(self, administrator):
        with acting_as(administrator), pytest.raises(LastAdministrator):
            services.change_role(
                Membership.objects.select_related("organisation").get(user_id=administrator.user_id),
                role=Role.OFFICER,
                by=administrator,
                at=NOW,
            )

    def test_an_administrator_elsewhere_is_no_second_one(self, unit, administrator):
        member(PlatformFactory(), Role.ADMINISTRATOR)
        with pytest.raises(LastAdministrator):
            services.remove_member(
                Membership.objects.get(user_id=administrator.user_id, organisation=unit), by=administrator, at=NOW
            )


class TestRemoveMember:
    def test_ends_the_membership_and_leaves_the_person(self, unit, administrator):
        officer = member(unit, Role.OFFICER)
        with acting_as(administrator):
            services.remove_member(membership(officer), by=administrator, at=NOW)
        assert not Membership.objects.filter(user=officer).exists()
        officer.refresh_from_db()

    def test_lets_one_of_two_administrators_go(self, unit, administrator):
        other = member(unit, Role.ADMINISTRATOR)
        services.remove_member(membership(other), by=administrator, at=NOW)
        assert Membership.objects.filter(organisation=unit, role=Role.ADMINISTRATOR).count() == 1

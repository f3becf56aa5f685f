from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.invitation_mail import invitation_link
from apps.accounts.models import Invitation, Membership, User
from apps.accounts.roles import Role
from apps.accounts.services import ForSomebodyElse, InvitationUnusable, SignInFirst
from apps.accounts.services.invitations import LIFETIME, AlreadyMember
from apps.accounts.services.members import UnknownRole
from apps.audit.models import AuditEntry
from apps.tenancy.context import acting_as
from tests.factories import PlatformFactory, ReferralUnitFactory, UserFactory, member, principal_for
from tests.factories.people import PASSWORD

NOW = timezone.now()
EMAIL = "New.Person@people.example"


@pytest.fixture
def unit():
    return ReferralUnitFactory(name="Unit North")


@pytest.fixture
def administrator(unit):
    return principal_for(unit, Role.ADMINISTRATOR)


@pytest.fixture
def offer(administrator):
    """An invitation sent now, as its secret."""
    return invite(administrator)


def invite(by, *, email=EMAIL, role="officer", at=NOW):
    with acting_as(by):
        return services.invite(email=email, role=role, by=by, at=at)[1]


def why(secret, *, at=NOW):
    with pytest.raises(InvitationUnusable) as refused:
        services.find_invitation(secret, at=at)
    return refused.value.facts["why"]


class TestInvite:
    def test_mails_the_link_and_keeps_only_its_digest(self, administrator, commit, mailoutbox):
        with commit():
            secret = invite(administrator)
        (mail,) = mailoutbox
        assert mail.to == [EMAIL.lower()] and invitation_link(secret) in mail.body
        assert invitation_link(secret) in mail.alternatives[0].content
        assert secret not in repr(Invitation.objects.values())

    def test_the_link_leads_to_the_page(self):
        assert invitation_link("secret").endswith(reverse("portal:invitation", kwargs={"token": "secret"}))

    def test_a_name_cannot_add_a_header(self, commit, mailoutbox):
        unit = ReferralUnitFactory(name="Unit\r\nBcc: victim@people.example")
        with commit():
            invite(principal_for(unit, Role.ADMINISTRATOR))
        assert "\n" not in mailoutbox[0].subject and mailoutbox[0].recipients() == [EMAIL.lower()]

    def test_a_dead_mail_server_does_not_turn_it_into_an_error(self, administrator):
        invite(administrator)
        *_, (_savepoints, _send, is_robust) = connection.run_on_commit
        assert is_robust

    def test_offers_only_roles_the_organisation_has(self, administrator):
        with pytest.raises(UnknownRole):
            invite(administrator, role=Role.CONTACT_POINT)

    def test_refuses_somebody_who_is_a_member_already(self, unit, administrator):
        member(unit, Role.OFFICER, email="there@people.example")
        with pytest.raises(AlreadyMember):
            invite(administrator, email="THERE@people.example")

    def test_a_second_one_replaces_the_first(self, administrator, offer):
        invite(administrator, email=EMAIL.lower())
        assert why(offer) == "revoked"

    def test_does_not_end_another_organisations_invitation(self, offer):
        invite(principal_for(PlatformFactory(), Role.ADMINISTRATOR), role=Role.CONTACT_POINT)
        assert services.find_invitation(offer, at=NOW)


class TestUnusable:
    def test_an_unknown_secret(self):
        assert why("nonsense") == "unknown"

    def test_one_that_is_three_days_old(self, offer):
        assert services.find_invitation(offer, at=NOW + LIFETIME - timedelta(seconds=1))
        assert why(offer, at=NOW + LIFETIME) == "expired"

    def test_one_that_was_taken_back(self, administrator, offer):
        with acting_as(administrator):
            services.revoke_invitation(Invitation.objects.get(), by=administrator, at=NOW)
        assert why(offer) == "revoked"

    def test_one_that_was_taken_up(self, offer):
        services.accept(offer, name="New", password=PASSWORD, at=NOW)
        assert why(offer) == "accepted"

    def test_one_that_was_sent_again_leaves_only_the_newer_link(self, administrator, offer):
        with acting_as(administrator):
            _, newer = services.resend_invitation(Invitation.objects.get(), by=administrator, at=NOW)
        assert why(offer) == "unknown"
        assert services.find_invitation(newer, at=NOW)

    def test_one_of_an_organisation_that_is_closed(self, unit, offer):
        unit.is_active = False
        unit.save()
        assert why(offer)


class TestAccept:
    def test_makes_an_account_with_the_role_that_was_offered(self, unit, offer):
        user = services.accept(offer, name="New Person", password=PASSWORD, at=NOW)
        assert authenticate(None, email=EMAIL, password=PASSWORD) == user
        assert Membership.objects.get(user=user).role == Role.OFFICER
        assert Membership.objects.get(user=user).organisation == unit

    def test_is_in_the_audit_log_as_an_act_of_the_new_person(self, unit, offer):
        user = services.accept(offer, name="New Person", password=PASSWORD, at=NOW)
        entry = AuditEntry.objects.get(verb="invitation.accepted")
        assert (entry.actor_id, entry.organisation_id) == (user.pk, unit.pk)

    def test_works_once(self, offer):
        services.accept(offer, name="New", password=PASSWORD, at=NOW)
        with pytest.raises(InvitationUnusable):
            services.accept(offer, name="Again", password=PASSWORD, at=NOW)
        assert User.objects.filter(email__iexact=EMAIL).count() == 1

    def test_never_touches_an_account_that_exists(self, offer):
        UserFactory(email=EMAIL.lower(), name="There already")
        with pytest.raises(SignInFirst):
            services.accept(offer, name="Thief", password=PASSWORD, at=NOW)
        assert User.objects.get(email__iexact=EMAIL).name == "There already"


class TestAcceptAs:
    def test_adds_a_membership_to_the_account(self, unit, offer):
        user = member(PlatformFactory(), Role.CONTACT_POINT, email=EMAIL.lower())
        services.accept_as(offer, user=user, at=NOW)
        assert user.memberships.count() == 2

    def test_is_only_for_the_invited_address(self, offer):
        with pytest.raises(ForSomebodyElse):
            services.accept_as(offer, user=UserFactory(), at=NOW)
        assert services.find_invitation(offer, at=NOW)

    def test_does_not_add_a_membership_twice(self, unit, administrator):
        user = UserFactory(email=EMAIL)
        secret = invite(administrator)
        services.grant_role(user, organisation=unit, role=Role.REVIEWER, by=None, at=NOW)
        with pytest.raises(AlreadyMember):
            services.accept_as(secret, user=user, at=NOW)

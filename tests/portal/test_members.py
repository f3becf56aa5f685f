import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Invitation, Membership, User
from apps.accounts.roles import Role
from apps.tenancy.context import acting_as
from tests.factories import PlatformFactory, ReferralUnitFactory, UserFactory, member, principal_for
from tests.factories.people import PASSWORD

INVITED = "new.person@people.example"


@pytest.fixture
def unit():
    return ReferralUnitFactory(name="Unit North")


@pytest.fixture
def administrator(unit):
    return member(unit, Role.ADMINISTRATOR, name="Anna Holm")


@pytest.fixture
def client(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def visitor():
    return Client()


def offer(unit, email=INVITED):
    by = principal_for(unit, Role.ADMINISTRATOR)
    with acting_as(by):
        return services.invite(email=email, role=Role.OFFICER, by=by, at=timezone.now())


def membership(user, organisation):
    return Membership.objects.get(user=user, organisation=organisation)


class TestMembers:
    def test_lists_the_organisations_people_and_nobody_elses(self, client, unit):
        member(unit, Role.OFFICER, name="Bram de Vries")
        member(PlatformFactory(), Role.CONTACT_POINT, name="Somebody Else")
        page = client.get(reverse("portal:members")).content.decode()
        assert "Bram de Vries" in page and "Somebody Else" not in page

    def test_is_for_administrators(self, unit, visitor):
        visitor.force_login(member(unit, Role.OFFICER))
        assert visitor.get(reverse("portal:members")).status_code == 403
        assert visitor.post(reverse("portal:member-invite"), {"email": INVITED, "role": "officer"}).status_code == 403
        assert not Invitation.objects.exists()

    def test_asks_as_many_questions_for_two_people_as_for_twelve(self, client, unit):
        counts = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as asked:
                client.get(reverse("portal:members"))
            counts.append(len(asked))
            for _ in range(10):
                member(unit, Role.OFFICER)
        assert counts[0] == counts[1]


class TestInvite:
    def test_shows_the_link_once(self, client, visitor):
        answer = client.post(reverse("portal:member-invite"), {"email": INVITED, "role": "officer"})
        link = re.search(r"http://portal\.example(/invitations/[^/\s]+/)", answer.content.decode())[1]
        assert answer["Cache-Control"] == "no-store"
        assert visitor.get(link).status_code == 200
        assert link not in client.get(reverse("portal:members")).content.decode()

    @pytest.mark.parametrize("wrong", [{"email": "no address"}, {"role": "contact_point"}, {"role": ""}])
    def test_refuses_what_makes_no_sense(self, client, wrong):
        answer = client.post(reverse("portal:member-invite"), {"email": INVITED, "role": "officer", **wrong})
        assert answer.status_code == 422
        assert not Invitation.objects.exists()

    def test_says_when_somebody_is_there_already(self, client, administrator):
        answer = client.post(reverse("portal:member-invite"), {"email": administrator.email, "role": "officer"})
        assert answer.status_code == 409 and "a member already" in answer.content.decode()

    def test_can_be_sent_again_and_taken_back(self, client, unit, visitor):
        invitation, first = offer(unit)
        client.post(reverse("portal:invitation-resend", kwargs={"pk": invitation.pk}))
        assert visitor.get(reverse("portal:invitation", kwargs={"token": first})).status_code == 410
        client.post(reverse("portal:invitation-revoke", kwargs={"pk": invitation.pk}))
        invitation.refresh_from_db()
        assert invitation.revoked_at

    def test_another_organisations_is_unknown(self, client):
        invitation, _ = offer(ReferralUnitFactory())
        answer = client.post(reverse("portal:invitation-revoke", kwargs={"pk": invitation.pk}))
        assert answer.status_code == 404


class TestInvitation:
    @pytest.fixture
    def path(self, unit):
        return reverse("portal:invitation", kwargs={"token": offer(unit)[1]})

    def test_looking_at_it_changes_nothing(self, visitor, path):
        page = visitor.get(path).content.decode()
        assert "Join Unit North" in page and "Officer" in page
        assert not User.objects.filter(email=INVITED).exists()

    def test_makes_an_account_and_signs_in_for_that_organisation(self, visitor, path):
        answer = visitor.post(path, {"name": "New Person", "password": PASSWORD})
        assert answer.url == reverse("portal:desk")
        assert "Unit North" in visitor.get(reverse("portal:account")).content.decode()

    def test_asks_for_a_password_worth_the_name(self, visitor, path):
        answer = visitor.post(path, {"name": "New Person", "password": "too short"})
        assert answer.status_code == 422
        assert not User.objects.filter(email=INVITED).exists()

    def test_says_why_when_it_was_used(self, visitor, path):
        visitor.post(path, {"name": "New Person", "password": PASSWORD})
        again = visitor.get(path)
        assert again.status_code == 410 and "has been taken up" in again.content.decode()

    def test_an_account_that_exists_signs_in_first(self, visitor, path):
        UserFactory(email=INVITED)
        assert f"{reverse('account_login')}?next={path}" in visitor.get(path).content.decode()
        answer = visitor.post(path, {"name": "Thief", "password": PASSWORD})
        assert answer.status_code == 409 and "Sign in with it" in answer.content.decode()

    def test_the_invited_account_joins_with_a_click(self, visitor, path, unit):
        platform = PlatformFactory()
        user = member(platform, Role.CONTACT_POINT, email=INVITED)
        visitor.force_login(user)
        assert visitor.post(path).url == reverse("portal:desk")
        assert membership(user, unit).role == Role.OFFICER
        assert "You act for Unit North now" in visitor.get(reverse("portal:account")).content.decode()

    def test_somebody_without_any_organisation_can_join(self, visitor, path, unit):
        user = UserFactory(email=INVITED)
        visitor.force_login(user)
        assert visitor.get(path).status_code == 200
        visitor.post(path)
        assert membership(user, unit)

    def test_another_account_is_told_to_sign_out(self, client, path, administrator):
        assert "is not for the account" in client.get(path).content.decode()
        assert client.post(path).status_code == 409
        assert administrator.memberships.count() == 1


class TestChangeRole:
    def test_changes_it(self, client, unit):
        officer = member(unit, Role.OFFICER)
        path = reverse("portal:member-role", kwargs={"pk": membership(officer, unit).pk})
        client.post(path, {"role": "reviewer"})
        assert membership(officer, unit).role == Role.REVIEWER

    @pytest.mark.parametrize("role", ["contact_point", "", "owner"])
    def test_refuses_a_role_there_is_not(self, client, unit, role):
        officer = member(unit, Role.OFFICER)
        path = reverse("portal:member-role", kwargs={"pk": membership(officer, unit).pk})
        answer = client.post(path, {"role": role}, follow=True)
        assert "has no such role" in answer.content.decode()
        assert membership(officer, unit).role == Role.OFFICER

    def test_keeps_the_last_administrator(self, client, unit, administrator):
        path = reverse("portal:member-role", kwargs={"pk": membership(administrator, unit).pk})
        answer = client.post(path, {"role": "officer"}, follow=True)
        assert "at least one administrator" in answer.content.decode()
        assert membership(administrator, unit).role == Role.ADMINISTRATOR


class TestRemove:
    def test_removes_somebody(self, client, unit):
        officer = member(unit, Role.OFFICER)
        client.post(reverse("portal:member-remove", kwargs={"pk": membership(officer, unit).pk}))
        assert not officer.memberships.exists()

    def test_keeps_the_last_administrator(self, client, unit, administrator):
        client.post(reverse("portal:member-remove", kwargs={"pk": membership(administrator, unit).pk}))
        assert membership(administrator, unit)

    def test_whoever_removes_themselves_is_told_that_they_belong_nowhere(self, client, unit, administrator):
        member(unit, Role.ADMINISTRATOR)
        path = reverse("portal:member-remove", kwargs={"pk": membership(administrator, unit).pk})
        answer = client.post(path, follow=True)
        assert answer.status_code == 403 and "no organisation yet" in answer.content.decode()

    def test_another_organisations_member_is_unknown(self, client):
        platform = PlatformFactory()
        other = member(platform, Role.CONTACT_POINT)
        path = reverse("portal:member-remove", kwargs={"pk": membership(other, platform).pk})
        assert client.post(path).status_code == 404
        assert membership(other, platform)

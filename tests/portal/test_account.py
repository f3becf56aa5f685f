import pytest
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.accounts.services import grant_role, sync_roles
from tests.factories import PlatformFactory, ReferralUnitFactory, member
from tests.factories.organisations import LONG_AGO
from tests.factories.referrals import ReferralFactory


@pytest.fixture
def unit():
    return ReferralUnitFactory(name="Unit North", time_zone="Europe/Brussels")


@pytest.fixture
def officer(unit):
    return member(unit, Role.OFFICER, name="Bram de Vries")


@pytest.fixture
def client(client, officer):
    client.force_login(officer)
    return client


def save(client, **fields):
    return client.post(
        reverse("portal:account"), {"name": "Bram de Vries", "language": "", "time_zone": "", **fields}, follow=True
    )


def join(user, platform):
    sync_roles()
    return grant_role(user, organisation=platform, role=Role.CONTACT_POINT, by=None, at=LONG_AGO)


class TestAccount:
    def test_keeps_name_language_and_zone(self, client, officer):
        save(client, name="Bram", language="fr", time_zone="Asia/Tokyo")
        officer.refresh_from_db()
        assert (officer.name, officer.language, officer.time_zone) == ("Bram", "fr", "Asia/Tokyo")

    @pytest.mark.parametrize("wrong", [{"name": ""}, {"language": "xx"}, {"time_zone": "Mars/Olympus"}])
    def test_refuses_what_does_not_exist(self, client, officer, wrong):
        assert save(client, **wrong).status_code == 422
        officer.refresh_from_db()
        assert (officer.name, officer.time_zone) == ("Bram de Vries", "")

    def test_pages_follow_the_persons_zone_and_else_the_organisations(self, client, unit, officer):
        referral = ReferralFactory(sender=unit)
        path = reverse("portal:referral", kwargs={"reference": referral.reference})
        assert "CET" in client.get(path).content.decode()
        save(client, time_zone="Asia/Tokyo")
        assert "JST" in client.get(path).content.decode()

    def test_pages_follow_the_persons_language(self, client):
        save(client, language="fr")
        assert '<html lang="fr"' in client.get(reverse("portal:account")).content.decode()


class TestSwitcher:
    def switch(self, client, slug):
        return client.post(reverse("portal:organisation-switch"), {"organisation": slug})

    def test_acts_for_another_of_ones_own(self, client, officer):
        platform = PlatformFactory(name="Videoland")
        join(officer, platform)
        assert self.switch(client, platform.slug).status_code == 302
        assert client.get(reverse("portal:account")).context["principal"].organisation_id == platform.pk

    def test_never_for_somebody_elses(self, client, unit):
        other = PlatformFactory()
        assert self.switch(client, other.slug).status_code == 404
        assert client.get(reverse("portal:account")).context["principal"].organisation_id == unit.pk

    def test_an_organisation_one_has_left_is_left_behind(self, client, officer, unit):
        platform = PlatformFactory(name="Videoland")
        second = join(officer, platform)
        self.switch(client, platform.slug)
        second.delete()
        assert client.get(reverse("portal:account")).context["principal"].organisation_id == unit.pk


class TestLanguage:
    def test_is_remembered_for_the_person(self, client, officer):
        client.post(reverse("portal:language"), {"language": "fr"})
        assert User.objects.get(pk=officer.pk).language == "fr"

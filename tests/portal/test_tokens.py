import re

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import ApiToken
from apps.accounts.roles import Role
from tests.factories import PlatformFactory, ReferralUnitFactory, member, token_for

ASKED = {"name": "Case system", "scopes": ["view_referrals", "file_referrals"], "days": "90"}


@pytest.fixture
def unit():
    return ReferralUnitFactory()


@pytest.fixture
def officer(unit):
    return member(unit, Role.OFFICER, name="Bram de Vries")


@pytest.fixture
def client(client, officer):
    client.force_login(officer)
    return client


def made(client, **asked):
    return client.post(reverse("portal:token-create"), {**ASKED, **asked})


def secret_in(answer):
    return re.search(r"rp_[\w-]{43}", answer.content.decode())[0]


class TestCreate:
    def test_shows_a_secret_that_works_and_shows_it_once(self, client):
        answer = made(client)
        secret = secret_in(answer)
        assert answer["Cache-Control"] == "no-store"
        assert secret not in client.get(reverse("portal:tokens")).content.decode()
        me = Client().get("/api/v1/me/", headers={"authorization": f"Bearer {secret}"})
        assert me.status_code == 200

    def test_may_no_more_than_its_holder(self, client):
        assert made(client, scopes=["approve_referrals"]).status_code == 422
        assert not ApiToken.objects.exists()

    @pytest.mark.parametrize("wrong", [{"name": ""}, {"scopes": []}, {"days": "3650"}])
    def test_refuses_what_makes_no_sense(self, client, wrong):
        assert made(client, **wrong).status_code == 422
        assert not ApiToken.objects.exists()


class TestList:
    def test_is_open_to_every_member_and_in_their_menu(self, client):
        page = client.get(reverse("portal:desk")).content.decode()
        assert reverse("portal:tokens") in page

    def test_shows_ones_own_and_to_administrators_everybodys(self, client, unit):
        made(client)
        for user, seen in ((member(unit, Role.REVIEWER), False), (member(unit, Role.ADMINISTRATOR), True)):
            other = Client()
            other.force_login(user)
            assert ("Case system" in other.get(reverse("portal:tokens")).content.decode()) is seen

    def test_does_not_show_what_was_revoked(self, client):
        made(client)
        ApiToken.objects.update(revoked_at="2026-01-01T00:00Z")
        assert "Case system" not in client.get(reverse("portal:tokens")).content.decode()


class TestRevoke:
    def revoke(self, client, token):
        return client.post(reverse("portal:token-revoke", kwargs={"pk": token.pk}))

    def test_stops_it_at_once(self, client):
        secret = secret_in(made(client))
        self.revoke(client, ApiToken.objects.get())
        assert Client().get("/api/v1/me/", headers={"authorization": f"Bearer {secret}"}).status_code == 401

    def test_an_administrator_may_revoke_anybodys(self, client, unit):
        made(client)
        other = Client()
        other.force_login(member(unit, Role.ADMINISTRATOR))
        self.revoke(other, ApiToken.objects.get())
        assert ApiToken.objects.get().revoked_at

    def test_a_colleagues_and_another_organisations_are_unknown(self, client, unit):
        token_for(unit, Role.REVIEWER)
        token_for(PlatformFactory(), Role.CONTACT_POINT)
        for token in ApiToken.objects.order_by("pk"):
            assert self.revoke(client, token).status_code == 404
        assert not ApiToken.objects.exclude(revoked_at=None).exists()

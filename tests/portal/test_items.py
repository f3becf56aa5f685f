import pytest
from django.urls import reverse

from apps.accounts.roles import Role
from tests.factories import ItemFactory, PlatformFactory, ReferralFactory, ReferralUnitFactory, member

ITEMS = reverse("portal:items")


@pytest.fixture
def unit():
    return ReferralUnitFactory()


@pytest.fixture
def platform():
    return PlatformFactory(slug="vidstream")


@pytest.fixture
def officer(client, unit):
    client.force_login(member(unit, Role.OFFICER))
    return client


@pytest.fixture
def make(unit, platform):
    def make(**facts):
        return ReferralFactory(**{"sender": unit, "recipient": platform, "state": "received", **facts})

    return make


def groups(response):
    return [(group.referral.reference, len(group.rows)) for group in response.context["page"].groups]


class TestTheListOfASender:
    def test_shows_outcomes_and_offers_no_answer(self, officer, make):
        make(state="answered"), make(state="draft")
        page = officer.get(ITEMS)
        text = page.content.decode()
        assert len(groups(page)) == 2 and "Removed" in text and reverse("portal:items-answer") not in text

    def test_keeps_to_a_page_of_what_is_a_long_list(self, officer, make, monkeypatch):
        monkeypatch.setattr("apps.portal.presenters.items.PAGE_SIZE", 2)
        referral = make(items=3)
        first = officer.get(ITEMS)
        assert groups(first) == [(referral.reference, 2)]
        assert groups(officer.get(ITEMS, {"cursor": first.context["page"].next})) == [(referral.reference, 1)]

    @pytest.mark.parametrize("count", [3, 49])
    def test_costs_the_same_number_of_queries(self, officer, make, count, django_assert_num_queries):
        referral = make(items=0)
        ItemFactory.create_batch(count, referral=referral)
        officer.get(ITEMS)
        with django_assert_num_queries(17):
            officer.get(ITEMS)

    def test_is_closed_to_those_who_may_not_see_referrals(self, client, unit):
        client.force_login(member(unit, Role.ADMINISTRATOR))
        assert client.get(ITEMS).status_code == 403


def test_htmx_gets_the_results_alone(officer, make):
    make()
    text = officer.get(ITEMS, headers={"HX-Request": "true", "HX-Target": "results"}).content.decode()
    assert "<html" not in text and "data-rows" in text

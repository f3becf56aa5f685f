from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.roles import Role
from apps.deadlines.models import Chase
from apps.referrals.models import Obligation
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, member

OVERDUE = reverse("portal:overdue")


@pytest.fixture
def unit():
    return ReferralUnitFactory(name="Online Safety Bureau")


@pytest.fixture
def platform():
    return PlatformFactory(slug="vidstream", name="VidStream")


@pytest.fixture
def officer(client, unit):
    client.force_login(member(unit, Role.OFFICER))
    return client


@pytest.fixture
def late(unit, platform):
    def late(hours, **facts):
        due_at = timezone.now() - timedelta(hours=hours)
        return ReferralFactory(
            **{"sender": unit, "recipient": platform, "state": "acknowledged", "due_at": due_at, **facts}
        )

    return late


def rows(response):
    return [row.referral.reference for row in response.context["page"].rows]


class TestTheOverduePage:
    def test_shows_the_longest_overdue_first_and_nothing_else(self, officer, late):
        short, long = late(3), late(50)
        late(-5), late(9, state="info_requested"), late(9, state="answered")
        page = officer.get(OVERDUE)
        assert rows(page) == [long.reference, short.reference]
        assert "overdue by 3 h" in page.content.decode()

    def test_counts_by_age_and_selects_one(self, officer, late):
        young, old = late(3), late(24 * 9)
        tabs = officer.get(OVERDUE).context["page"].tabs
        assert [tab.count for tab in tabs] == ["2", "1", "0", "0", "1"]
        assert rows(officer.get(OVERDUE, {"age": "day"})) == [young.reference]
        assert rows(officer.get(OVERDUE, {"age": "older"})) == [old.reference]

    def test_says_who_is_late_most_often(self, officer, late):
        late(3), late(4)
        other = late(30, recipient=PlatformFactory(name="PicPost", slug="picpost"))
        parties = officer.get(OVERDUE).context["page"].parties
        assert [(party.name, party.count, party.oldest) for party in parties] == [
            ("VidStream", 2, "4 h"),
            ("PicPost", 1, "30 h"),
        ]
        assert rows(officer.get(OVERDUE, {"platform": "picpost"})) == [other.reference]

    def test_says_when_somebody_was_reminded(self, officer, late):
        late(3)
        assert "none yet" in officer.get(OVERDUE).content.decode()
        clock = Obligation.objects.get()
        Chase.objects.create(
            obligation=clock,
            sender_id=clock.sender_id,
            recipient_id=clock.recipient_id,
            rung="due",
            planned_at=clock.due_at,
            at=clock.due_at,
        )
        assert "none yet" not in officer.get(OVERDUE).content.decode()

    def test_is_the_platforms_own_view_for_a_platform(self, client, platform, late):
        client.force_login(member(platform, Role.CONTACT_POINT))
        referral = late(3, case__title="Operation Nightfall")
        late(3, recipient=PlatformFactory())
        page = client.get(OVERDUE)
        assert rows(page) == [referral.reference]
        text = page.content.decode()
        assert "Nightfall" not in text and f"?referral={referral.reference}" in text

    def test_is_calm_when_nothing_is_late(self, officer):
        assert "Nothing is overdue" in officer.get(OVERDUE).content.decode()

    def test_says_that_filters_hide_what_is_late(self, officer, late):
        late(3)
        assert "Nothing overdue matches this" in officer.get(OVERDUE, {"q": "nowhere.example"}).content.decode()

    def test_is_closed_to_those_who_may_not_see_referrals(self, client, unit):
        client.force_login(member(unit, Role.ADMINISTRATOR))
        assert client.get(OVERDUE).status_code == 403

    @pytest.mark.parametrize("count", [1, 9])
    def test_costs_the_same_number_of_queries(self, officer, late, count, django_assert_num_queries):
        case = late(2).case
        for hours in range(3, 3 + count):
            late(hours, case=case)
        officer.get(OVERDUE)
        with django_assert_num_queries(19):
            officer.get(OVERDUE)

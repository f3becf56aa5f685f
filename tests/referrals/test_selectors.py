import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.roles import Role
from apps.core.references import new_references
from apps.referrals import selectors
from apps.referrals.models import Item, Referral
from apps.referrals.selectors import Wanted
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, principal_for
from tests.factories.referrals import MONDAY


@pytest.fixture
def unit():
    return ReferralUnitFactory()


@pytest.fixture
def platform():
    return PlatformFactory(slug="vidstream")


@pytest.fixture
def officer(unit):
    return principal_for(unit, Role.OFFICER)


@pytest.fixture
def contact(platform):
    return principal_for(platform, Role.CONTACT_POINT)


@pytest.fixture
def referral(unit, platform):
    (reference,) = new_references("R", 1)
    found = ReferralFactory(
        sender=unit, recipient=platform, state="acknowledged", reference=reference, items__external_id="118-1"
    )
    found.items.update(account="@abc")
    return found


def seen(principal, **wanted):
    return set(selectors.referrals(principal, Wanted(**wanted), at=timezone.now()))


class TestSearch:
    @pytest.mark.parametrize(
        "words", ["vidstream.example", "hxxps://vidstream[.]example", "EXAMPLE", "abc", "@abc", "118-1", " 118-1 "]
    )
    def test_finds_a_host_an_account_or_an_external_id(self, contact, referral, words):
        assert seen(contact, search=words) == ({referral} if words != "EXAMPLE" else set())

    def test_finds_what_lies_under_a_host(self, contact, referral):
        referral.items.update(host="www.vidstream.example")
        assert seen(contact, search="vidstream.example") == {referral}
        assert not seen(contact, search="stream.example")

    def test_finds_a_reference_however_it_was_typed(self, contact, referral):
        assert seen(contact, search=referral.reference.lower().replace("-", " ")) == {referral}

    def test_finds_the_referral_of_an_item(self, contact, referral):
        (reference,) = new_references("I", 1, symbols=12)
        referral.items.update(reference=reference)
        assert seen(contact, search=reference) == {referral}

    def test_finds_a_whole_address_and_no_other_of_its_host(self, contact, referral):
        address = "https://vidstream.example/watch/77"
        referral.items.update(url_hash=hashlib.sha256(address.encode()).digest())
        assert seen(contact, search=address) == {referral}
        assert not seen(contact, search="https://vidstream.example/watch/78")

    def test_finds_a_case_for_its_sender_alone(self, officer, contact, referral):
        assert seen(officer, search=referral.case.reference) == {referral}
        assert not seen(contact, search=referral.case.reference)

    def test_shows_nothing_of_others(self, referral):
        stranger = principal_for(PlatformFactory(), Role.CONTACT_POINT)
        assert not seen(stranger, search="vidstream.example")


class TestFilters:
    def test_narrow_by_state_urgency_category_and_counterpart(self, officer, referral):
        fitting = {
            "states": ["acknowledged"],
            "urgencies": ["day"],
            "category": referral.category,
            "counterpart": "vidstream",
        }
        assert seen(officer, **fitting) == {referral}
        wrong = {"states": ["sent"], "urgencies": ["life"], "category": "x", "counterpart": "another"}
        assert all(not seen(officer, **{**fitting, key: value}) for key, value in wrong.items())

    def test_overdue_is_asked_of_the_clock(self, officer, referral):
        wanted, due = Wanted(overdue=True), referral.due_at
        assert not selectors.referrals(officer, wanted, at=due).exists()
        assert selectors.referrals(officer, wanted, at=due + timedelta(seconds=1)).get() == referral

    def test_of_items_follow_the_referral(self, contact, referral):
        (item,) = selectors.items(contact, Wanted(urgencies=["day"], states=["open"]), at=MONDAY)
        assert item.referral_id == referral.pk
        assert not selectors.items(contact, Wanted(urgencies=["life"]), at=MONDAY)


class TestNextToAnswer:
    def test_is_due_soonest(self, contact, unit, platform, referral):
        ReferralFactory(sender=unit, recipient=platform, state="received", due_at=referral.due_at + timedelta(hours=1))
        assert selectors.next_to_answer(contact) == referral

    def test_is_danger_to_life_before_anything_due_sooner(self, contact, unit, platform, referral):
        urgent = ReferralFactory(sender=unit, recipient=platform, state="sent", urgency="life")
        assert selectors.next_to_answer(contact) == urgent

    @pytest.mark.parametrize("state", ["info_requested", "answered", "withdrawn", "draft"])
    def test_is_nothing_that_waits_for_somebody_else(self, contact, unit, platform, state):
        ReferralFactory(sender=unit, recipient=platform, state=state)
        assert selectors.next_to_answer(contact) is None


class TestCappedCounts:
    def test_count_no_further_than_the_cap(self, referral, django_assert_num_queries):
        ReferralFactory.create_batch(3, sender=referral.sender, recipient=referral.recipient, case=referral.case)
        sets = {"all": Referral.objects.all(), "open": Item.objects.open(), "none": Referral.objects.filter(state="x")}
        with django_assert_num_queries(1):
            assert selectors.capped_counts(sets, cap=2) == {"all": 3, "open": 3, "none": 0}

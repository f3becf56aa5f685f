from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.referrals.models import Item
from tests.factories import ItemFactory, PlatformFactory, ReferralFactory, ReferralUnitFactory, member
from tests.factories.referrals import MONDAY

ITEMS = reverse("portal:items")


@pytest.fixture
def unit():
    return ReferralUnitFactory()


@pytest.fixture
def platform():
    return PlatformFactory(slug="vidstream")


@pytest.fixture
def contact(client, platform):
    client.force_login(member(platform, Role.CONTACT_POINT))
    return client


@pytest.fixture
def make(unit, platform):
    def make(**facts):
        return ReferralFactory(**{"sender": unit, "recipient": platform, "state": "received", **facts})

    return make


def groups(response):
    return [(group.referral.reference, len(group.rows)) for group in response.context["page"].groups]


class TestTheWorklist:
    def test_is_what_is_open_with_what_is_due_first_at_the_top(self, contact, make):
        later = make(due_at=MONDAY + timedelta(days=3), items=2)
        sooner = make(due_at=MONDAY + timedelta(days=2), items=3)
        make(state="answered")
        assert groups(contact.get(ITEMS)) == [(sooner.reference, 3), (later.reference, 2)]

    def test_leaves_out_what_was_not_sent_and_what_is_not_theirs(self, contact, make):
        make(state="draft"), make(recipient=PlatformFactory())
        assert groups(contact.get(ITEMS)) == []

    def test_has_answers_on_a_tab_of_their_own(self, contact, make):
        make()
        answered = make(state="answered")
        assert groups(contact.get(ITEMS, {"state": "decided"})) == [(answered.reference, 1)]
        assert len(groups(contact.get(ITEMS, {"state": "all"}))) == 2

    def test_narrows_by_host_sender_category_and_urgency(self, contact, make, unit):
        kept = make(urgency="life")
        make(sender=ReferralUnitFactory(), urgency="day", category="STATEMENT_CATEGORY_VIOLENCE")
        Item.objects.filter(referral=kept).update(host="m.vidstream.example")
        for asked in (
            {"q": "m.vidstream.example"},
            {"sender": unit.slug},
            {"category": kept.category},
            {"urgency": "life"},
        ):
            assert groups(contact.get(ITEMS, asked)) == [(kept.reference, 1)]

    def test_shows_addresses_nobody_can_click(self, contact, make):
        make()
        text = contact.get(ITEMS).content.decode()
        assert "hxxps://vidstream[.]example/" in text and 'href="https://vidstream' not in text

    def test_hides_addresses_of_material_nobody_may_look_at(self, contact, make):
        make(area="csam")
        text = contact.get(ITEMS).content.decode()
        assert "Address hidden" in text and "vidstream[.]example" not in text and "data-copy" not in text

    def test_says_when_a_clock_stands_still(self, contact, make):
        make(state="info_requested", due_at=None)
        assert "clock stopped" in contact.get(ITEMS).content.decode()

    def test_marks_what_is_overdue(self, contact, make):
        make(due_at=timezone.now() - timedelta(hours=3))
        assert "overdue by 3 h" in contact.get(ITEMS).content.decode()

    def test_writes_down_who_read_which_items(self, contact, make):
        item = make().items.get()
        contact.get(ITEMS)
        assert AuditEntry.objects.get(verb="item.listed").details == {"references": [item.reference]}

    def test_keeps_to_a_page_of_what_is_a_long_list(self, contact, make, monkeypatch):
        monkeypatch.setattr("apps.portal.presenters.items.PAGE_SIZE", 2)
        referral = make(items=3)
        first = contact.get(ITEMS)
        assert groups(first) == [(referral.reference, 2)]
        assert groups(contact.get(ITEMS, {"cursor": first.context["page"].next})) == [(referral.reference, 1)]

    @pytest.mark.parametrize("count", [3, 49])
    def test_costs_the_same_number_of_queries(self, contact, make, count, django_assert_num_queries):
        referral = make(items=0)
        ItemFactory.create_batch(count, referral=referral)
        contact.get(ITEMS)
        with django_assert_num_queries(17):
            contact.get(ITEMS)


class TestTheListOfASender:
    def test_shows_outcomes_and_offers_no_answer(self, client, unit, make):
        client.force_login(member(unit, Role.OFFICER))
        make(state="answered"), make(state="draft")
        page = client.get(ITEMS)
        text = page.content.decode()
        assert len(groups(page)) == 2 and "Removed" in text and reverse("portal:items-answer") + "?item" not in text

    def test_is_closed_to_those_who_may_not_see_referrals(self, client, unit):
        client.force_login(member(unit, Role.ADMINISTRATOR))
        assert client.get(ITEMS).status_code == 403


def test_htmx_gets_the_results_alone(contact, make):
    make()
    text = contact.get(ITEMS, headers={"HX-Request": "true", "HX-Target": "results"}).content.decode()
    assert "<html" not in text and "data-rows" in text

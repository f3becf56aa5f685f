from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.referrals.models import Item, Tracking
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
        assert "clock stands still" in contact.get(ITEMS).content.decode()

    def test_marks_what_is_overdue(self, contact, make):
        make(due_at=timezone.now() - timedelta(hours=3))
        assert "overdue by 3 h" in contact.get(ITEMS).content.decode()

    def test_writes_down_who_read_which_items(self, contact, make):
        item = make().items.get()
        contact.get(ITEMS)
        assert AuditEntry.objects.get(verb="item.listed").details == {"references": [item.reference]}

    def test_keeps_to_a_page_of_what_is_a_long_list(self, contact, make, monkeypatch):
        monkeypatch.setattr("apps.portal.presenters.worklist.PAGE_SIZE", 2)
        referral = make(items=3)
        first = contact.get(ITEMS)
        assert groups(first) == [(referral.reference, 2)]
        assert groups(contact.get(ITEMS, {"cursor": first.context["page"].next})) == [(referral.reference, 1)]

    @pytest.mark.parametrize("count", [3, 49])
    def test_costs_the_same_number_of_queries(self, contact, make, count, django_assert_num_queries):
        referral = make(items=0)
        ItemFactory.create_batch(count, referral=referral)
        contact.get(ITEMS)
        with django_assert_num_queries(19):
            contact.get(ITEMS)

    @pytest.mark.parametrize(
        "asked", [{"desk": "mine"}, {"desk": "snoozed"}, {"group": "sender"}, {"group": "content"}]
    )
    @pytest.mark.parametrize("count", [3, 49])
    def test_costs_the_same_wherever_items_lie(self, contact, make, asked, count, django_assert_num_queries):
        due_at = timezone.now() + timedelta(days=9)
        items = [item.reference for item in make(items=count, due_at=due_at).items.all()]
        act(contact, "claim", items)
        act(contact, "snooze" if asked.get("desk") == "snoozed" else "wake", items, until=tomorrow())
        assert shown(contact.get(ITEMS, asked)) == items
        with django_assert_num_queries(20 if "desk" in asked else 19):
            contact.get(ITEMS, asked)


def tomorrow():
    """In every time zone."""
    return (timezone.now() + timedelta(days=2)).date().isoformat()


def act(client, name, items, **more):
    return client.post(reverse("portal:items-act"), {"act": name, "item": items, **more}, follow=True)


def said(response):
    return " ".join(str(message) for message in response.context["messages"])


def shown(response):
    return [row.item.reference for group in response.context["page"].groups for row in group.rows]


class TestGroups:
    @pytest.fixture
    def three(self, make):
        other = ReferralUnitFactory(name="Second Unit", slug="second")
        soon, later = MONDAY + timedelta(days=2), MONDAY + timedelta(days=3)
        return [
            make(due_at=later, instrument="notice"),
            make(due_at=soon, sender=other, category="STATEMENT_CATEGORY_VIOLENCE"),
            make(due_at=soon),
        ]

    @pytest.mark.parametrize(
        ("group", "titles", "order"),
        [
            ("sender", ["Online Safety Bureau", "Second Unit"], [2, 0, 1]),
            ("instrument", ["Notice (DSA Art 16)", "Referral for voluntary consideration"], [0, 1, 2]),
            ("content", ["Risk for public security", "Violence"], [2, 0, 1]),
        ],
    )
    def test_stand_together_with_what_is_due_first_at_the_top(self, contact, unit, three, group, titles, order):
        type(unit).objects.filter(pk=unit.pk).update(name="Online Safety Bureau")
        page = contact.get(ITEMS, {"group": group})
        assert [group.title for group in page.context["page"].groups] == titles
        assert shown(page) == [three[place].items.get().reference for place in order]

    def test_lead_to_a_list_of_their_own(self, contact, three):
        page = contact.get(ITEMS, {"group": "sender", "urgency": "day"})
        query = page.context["page"].groups[1].query
        assert shown(contact.get(ITEMS + query)) == [three[1].items.get().reference] and "urgency=day" in query

    def test_are_paged(self, contact, make, monkeypatch):
        monkeypatch.setattr("apps.portal.presenters.worklist.PAGE_SIZE", 2)
        make(items=3)
        first = contact.get(ITEMS, {"group": "sender"})
        second = contact.get(ITEMS, {"group": "sender", "cursor": first.context["page"].next})
        assert len(shown(first)) == 2 and len(shown(second)) == 1

    def test_of_no_known_kind_are_referrals(self, contact, three):
        assert len(groups(contact.get(ITEMS, {"group": "nonsense"}))) == 3


class TestActs:
    @pytest.fixture
    def items(self, make):
        referral = make(items=2, due_at=timezone.now() + timedelta(days=9))
        return [item.reference for item in referral.items.order_by("pk")]

    def test_claim_and_release(self, contact, items):
        assert "2 items are yours now." in said(act(contact, "claim", items))
        assert shown(contact.get(ITEMS, {"desk": "mine"})) == items
        assert "nobody's now" in said(act(contact, "release", items[:1]))
        assert shown(contact.get(ITEMS, {"desk": "unassigned"})) == items[:1]

    def test_claim_by_the_button_of_a_row(self, contact, items):
        contact.post(reverse("portal:items-act"), {"claim": items[1], "item": items[0], "everything": "1"})
        assert Tracking.objects.get().item.reference == items[1]

    def test_assign_to_a_colleague(self, contact, platform, items):
        ben = member(platform, Role.CONTACT_POINT, name="Ben Byrne")
        page = act(contact, "assign", items, assignee=ben.email)
        assert "Ben Byrne" in page.content.decode()
        assert "1 item was left as it is: A colleague has it." in said(act(contact, "claim", items[:1]))

    def test_put_off_and_bring_back(self, contact, items):
        assert "2 items were put off." in said(act(contact, "snooze", items, until=tomorrow()))
        assert shown(contact.get(ITEMS)) == [] and shown(contact.get(ITEMS, {"desk": "snoozed"})) == items
        act(contact, "wake", items)
        assert shown(contact.get(ITEMS)) == items

    def test_never_hide_what_is_overdue(self, contact, make, items):
        late = make(due_at=timezone.now() - timedelta(hours=1)).items.get().reference
        assert "cannot be put off" in said(act(contact, "snooze", [late, *items], until=tomorrow()))
        assert shown(contact.get(ITEMS)) == shown(contact.get(ITEMS, {"overdue": "1"})) == [late]

    def test_note_the_platforms_own_number(self, contact, items):
        act(contact, "number", items[:1], number="T-5512")
        assert shown(contact.get(ITEMS, {"q": "T-5512"})) == items[:1]

    @pytest.mark.parametrize(
        ("name", "more", "words"),
        [
            ("assign", {}, "Choose a colleague"),
            ("assign", {"assignee": "x@y.example"}, "nobody of this address"),
            ("snooze", {}, "Choose the day"),
            ("snooze", {"until": "soon"}, "Write the day as a date"),
            ("snooze", {"until": "2020-01-01"}, "must lie in the future"),
            ("number", {"number": "x" * 101}, "at most 100 characters"),
            ("dance", {}, "Choose what to do"),
        ],
    )
    def test_that_cannot_be_done_say_so(self, contact, items, name, more, words):
        assert words in said(act(contact, name, items, **more))
        assert not Tracking.objects.exists()

    def test_take_everything_that_matches(self, contact, make, items, monkeypatch):
        monkeypatch.setattr("apps.portal.views.selection.AT_MOST", 2)
        monkeypatch.setattr("apps.portal.views.item_acts.AT_MOST", 2)
        make(items=3, due_at=timezone.now() + timedelta(days=12)), make(urgency="life")
        page = act(contact, "claim", [], everything="1", filters="urgency=day", back="urgency=day")
        assert "2 items are yours now. One act takes a thousand items: 3 more match." in said(page)
        assert page.request["QUERY_STRING"] == "urgency=day"
        assert set(Tracking.objects.values_list("item__reference", flat=True)) == {*items}

    def test_come_back_to_the_worklist_and_nowhere_else(self, contact, items):
        response = contact.post(reverse("portal:items-act"), {"act": "claim", "item": items, "back": "//evil.example"})
        assert response.headers["Location"].startswith(ITEMS)

    def test_are_for_those_who_may_answer(self, client, unit, items):
        client.force_login(member(unit, Role.OFFICER))
        assert client.post(reverse("portal:items-act"), {"act": "claim", "item": items}).status_code == 403
        assert client.post(reverse("portal:items-next")).status_code == 403

    def test_are_never_told_to_the_sender(self, contact, client, unit, items):
        act(contact, "claim", items), act(contact, "number", items, number="T-5512")
        client.force_login(member(unit, Role.OFFICER))
        referral = Item.objects.get(reference=items[0]).referral
        for path in (ITEMS, reverse("portal:referral", args=[referral.reference]), reverse("portal:desk")):
            assert "T-5512" not in client.get(path).content.decode()
        assert groups(client.get(ITEMS, {"q": "T-5512"})) == []
        assert len(groups(client.get(ITEMS, {"desk": "mine"}))) == 1, "a sender has no desk: nothing is narrowed by it"


class TestTheNextOne:
    def test_opens_its_answer_and_claims_it(self, contact, make):
        make(due_at=timezone.now() + timedelta(days=9))
        sooner = make(due_at=timezone.now() + timedelta(days=8)).items.get().reference
        response = contact.post(reverse("portal:items-next"), {"filters": "urgency=day"})
        assert response.headers["Location"] == f"{reverse('portal:items-answer')}?item={sooner}&filters=urgency%3Dday"
        assert Tracking.objects.get().item.reference == sooner

    def test_says_when_nothing_waits(self, contact, make):
        make(urgency="day")
        page = contact.post(reverse("portal:items-next"), {"filters": "urgency=life"}, follow=True)
        assert "Nothing that matches waits for your answer." in said(page)

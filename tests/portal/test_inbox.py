from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.referrals.models import Referral
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, member
from tests.factories.referrals import MONDAY

INBOX = reverse("portal:inbox")


@pytest.fixture
def unit():
    return ReferralUnitFactory(name="Online Safety Bureau")


@pytest.fixture
def platform():
    return PlatformFactory(slug="vidstream", name="VidStream")


@pytest.fixture
def officer(client, unit):
    """A browser an officer is signed in with."""
    client.force_login(member(unit, Role.OFFICER))
    return client


@pytest.fixture
def contact(client, platform):
    client.force_login(member(platform, Role.CONTACT_POINT))
    return client


@pytest.fixture
def make(unit, platform):
    def make(**facts):
        return ReferralFactory(**{"sender": unit, "recipient": platform, **facts})

    return make


def rows(response):
    return [row.reference for row in response.context["page"].rows]


class TestTheInbox:
    def test_shows_a_platform_what_was_sent_to_it_and_nothing_else(self, contact, make):
        received = make(state="received")
        make(state="draft")
        make(state="received", recipient=PlatformFactory())
        assert rows(contact.get(INBOX)) == [received.reference]

    def test_shows_a_sender_drafts_too_under_the_title_of_the_case(self, officer, make):
        draft = make(state="draft", case__title="Phishing network, 31 pages")
        page = officer.get(INBOX)
        assert rows(page) == [draft.reference]
        assert "Phishing network, 31 pages" in page.content.decode()

    def test_never_shows_a_platform_the_title_of_the_case(self, contact, make):
        make(state="received", case__title="Operation Nightfall")
        assert "Nightfall" not in contact.get(INBOX).content.decode()

    def test_is_closed_to_those_who_may_not_see_referrals(self, client, unit):
        client.force_login(member(unit, Role.ADMINISTRATOR))
        assert client.get(INBOX).status_code == 403

    def test_writes_down_who_read_which_referrals(self, contact, make):
        referral = make(state="received")
        contact.get(INBOX)
        entry = AuditEntry.objects.get(verb="referral.listed")
        assert entry.details == {"references": [referral.reference]}

    def test_says_what_to_do_where_nothing_is(self, officer):
        assert reverse("portal:case-create") in officer.get(INBOX).content.decode()

    def test_says_that_filters_hide_everything(self, officer, make):
        make()
        assert "No referral matches this" in officer.get(INBOX, {"q": "nowhere.example"}).content.decode()


class TestQueues:
    def test_count_what_waits_and_select_it(self, contact, make):
        make(state="received", due_at=timezone.now() + timedelta(hours=3))
        late = make(state="acknowledged", due_at=timezone.now() - timedelta(hours=3))
        make(state="answered")
        tabs = {str(tab.label): tab for tab in contact.get(INBOX).context["page"].tabs}
        assert {label: tab.count for label, tab in tabs.items()} == {
            "All": "3", "To answer": "2", "New": "1", "In progress": "1", "Overdue": "1", "Answered": "1",
        }  # fmt: skip
        assert rows(contact.get(INBOX + tabs["Overdue"].url)) == [late.reference]

    def test_the_one_shown_is_marked(self, officer, make):
        make()
        page = officer.get(INBOX, {"state": "draft"}).context["page"]
        assert [str(tab.label) for tab in page.tabs if tab.is_current] == ["Drafts"]


class TestOrder:
    def test_is_newest_first_unless_asked_otherwise(self, officer, make):
        old, new = make(filed_at=MONDAY), make(filed_at=MONDAY + timedelta(days=1))
        assert rows(officer.get(INBOX)) == [new.reference, old.reference]
        assert rows(officer.get(INBOX, {"sort": "filed"})) == [old.reference, new.reference]

    def test_by_due_time_leads_to_what_is_still_owed(self, officer, make):
        later = make(state="received", due_at=MONDAY + timedelta(days=3))
        sooner = make(state="received", due_at=MONDAY + timedelta(days=2))
        make(state="answered")
        due = officer.get(INBOX).context["page"].due
        assert rows(officer.get(INBOX + due.url)) == [sooner.reference, later.reference]

    def test_says_in_the_heading_which_it_is(self, officer, make):
        make()
        assert 'aria-sort="descending"' in officer.get(INBOX).content.decode()


class TestPages:
    def test_lead_forward_and_back_and_show_every_row_once(self, officer, make, monkeypatch):
        monkeypatch.setattr("apps.portal.presenters.inbox.PAGE_SIZE", 2)
        made = {make().reference for _ in range(5)}
        seen, page = [], officer.get(INBOX, {"q": "vidstream.example"})
        while True:
            seen += rows(page)
            following = page.context["page"].next
            if not following:
                break
            page = officer.get(INBOX, {"q": "vidstream.example", "cursor": following})
        assert sorted(seen) == sorted(made)
        assert len(rows(officer.get(INBOX, {"cursor": page.context["page"].previous}))) == 2

    @pytest.mark.parametrize("count", [3, 60])
    def test_cost_the_same_number_of_queries(self, officer, make, count, django_assert_num_queries):
        case = make().case
        Referral.objects.bulk_create(
            Referral(**{**_facts(make(case=case)), "reference": f"R-BULK-{n:05}"}) for n in range(count)
        )
        officer.get(INBOX)
        with django_assert_num_queries(QUERIES):
            officer.get(INBOX)


def _facts(referral):
    left_out = {"_state", "id", "reference"}
    return {key: value for key, value in vars(referral).items() if key not in left_out and not key.startswith("_")}


QUERIES = 17


class TestFragments:
    def test_htmx_gets_the_results_with_fresh_tabs_and_no_frame(self, officer, make):
        make()
        headers = {"HX-Request": "true", "HX-Target": "results"}
        text = officer.get(INBOX, {"state": "draft"}, headers=headers).content.decode()
        assert "<html" not in text and "data-rows" in text and 'id="queues" hx-swap-oob' in text

    def test_a_page_restored_from_the_history_is_whole(self, officer):
        headers = {"HX-Request": "true", "HX-Target": "results", "HX-History-Restore-Request": "true"}
        response = officer.get(INBOX, headers=headers)
        assert "<html" in response.content.decode() and "HX-Request" in response["Vary"]


class TestThePreview:
    def test_shows_reasons_and_addresses_that_cannot_be_clicked(self, contact, make):
        referral = make(state="received", reasons="It calls for violence.", items=7)
        text = contact.get(INBOX, {"sel": referral.reference}).content.decode()
        assert "It calls for violence." in text and "hxxps://vidstream[.]example/" in text and "and 2 more" in text

    def test_hides_addresses_of_material_nobody_may_look_at(self, contact, make):
        referral = make(state="received", area="csam")
        text = contact.get(INBOX, {"sel": referral.reference}).content.decode()
        assert "Address hidden" in text and "vidstream[.]example" not in text

    def test_of_what_is_not_theirs_is_simply_not_there(self, contact, make):
        make(state="received")
        hidden = make(state="draft")
        assert contact.get(INBOX, {"sel": hidden.reference}).context["page"].preview is None

    def test_is_a_reading_of_that_referral(self, contact, make):
        referral = make(state="received")
        contact.get(INBOX, {"sel": referral.reference})
        assert AuditEntry.objects.get(verb="referral.consulted").target == referral.reference


class TestTakingTheNextOne:
    def test_leads_to_what_should_be_answered_first(self, contact, make):
        make(state="received", due_at=MONDAY + timedelta(days=3))
        first = make(state="received", due_at=MONDAY + timedelta(days=2))
        response = contact.get(reverse("portal:referrals-next"))
        assert response.headers["Location"] == reverse("portal:referral", args=[first.reference])

    def test_says_when_nothing_waits(self, contact):
        page = contact.get(reverse("portal:referrals-next"), follow=True)
        assert "Nothing waits for your answer." in page.content.decode()

    def test_is_for_those_who_may_answer(self, officer):
        assert officer.get(reverse("portal:referrals-next")).status_code == 403

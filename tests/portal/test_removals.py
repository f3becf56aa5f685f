"""The page of one address, the lists of removals, and the switch of the checker."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.roles import Role
from apps.referrals.models import Case, Item
from apps.referrals.transitions import State
from apps.tenancy.context import acting_as
from apps.verification import services
from apps.verification.models import Check, Checker, Review
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, member, principal_for

HOUR = timedelta(hours=1)


@pytest.fixture
def item():
    now = timezone.now()
    found = Item.objects.get(referral=ReferralFactory(state=State.ANSWERED, items=1, filed_at=now - 9 * HOUR))
    Item.objects.filter(pk=found.pk).update(decided_at=now - 8 * HOUR)
    found.refresh_from_db()
    return found


@pytest.fixture
def person(item):
    return member(item.sender, Role.OFFICER, name="Ana Officer")


@pytest.fixture
def officer(client, person):
    client.force_login(person)
    return client


def contact(client, item):
    client.force_login(member(item.recipient, Role.CONTACT_POINT))
    return client


def look(item, person, finding, hours_ago=1, **facts):
    principal = principal_for(item.sender, Role.OFFICER, person)
    with acting_as(principal):
        services.check_by_hand(item, finding=finding, by=principal, at=timezone.now() - hours_ago * HOUR, **facts)


def page(client, item):
    return client.get(f"/items/{item.reference}/").content.decode()


class TestTheAddress:
    def test_says_what_is_claimed_and_what_is_verified(self, officer, item, person):
        assert "Claimed, not verified" in page(officer, item)
        look(item, person, "gone", note="From Lisbon.")
        html = page(officer, item)
        assert "Claimed and verified" in html and "Verified gone" in html
        assert "From Lisbon." in html and "Ana Officer" in html

    def test_takes_a_look_by_hand(self, officer, item):
        response = officer.post(
            f"/items/{item.reference}/checks/", {"finding": "still_there", "note": "n"}, follow=True
        )
        assert response.redirect_chain == [(f"/items/{item.reference}/", 302)]
        html = response.content.decode()
        assert "This waits for your judgement" in html and "Claimed removed, and seen there since" in html

    def test_says_what_is_missing(self, officer, item):
        response = officer.post(f"/items/{item.reference}/checks/", {"note": "kept"})
        assert response.status_code == 422
        assert "Say what you found." in response.content.decode() and "kept" in response.content.decode()

    def test_tells_the_platform_once_the_sender_does(self, client, officer, item, person):
        look(item, person, "still_there", note="inside")
        assert "there again" not in page(contact(client, item), item)
        client.force_login(person)
        client.post(f"/items/{item.reference}/review/", {"act": "take-up"})
        html = page(contact(client, item), item)
        assert "The sender has seen this address there again" in html
        assert "inside" not in html and "Ana Officer" not in html and "I looked" not in html

    def test_can_be_dismissed_once(self, officer, item, person):
        look(item, person, "still_there")
        officer.post(f"/items/{item.reference}/review/", {"act": "dismiss"})
        assert Review.objects.get().state == "dismissed"
        html = officer.post(f"/items/{item.reference}/review/", {"act": "take-up"}, follow=True).content.decode()
        assert "Somebody may have judged it already" in html

    def test_an_unknown_act_does_nothing(self, officer, item, person):
        look(item, person, "still_there")
        officer.post(f"/items/{item.reference}/review/", {"act": "burn"})
        assert Review.objects.get().state == "waiting"

    def test_hides_the_address_in_the_child_abuse_area(self, officer, item):
        item.referral.area = "csam"
        item.referral.save(update_fields=["area"])
        html = page(officer, item)
        assert "Address hidden" in html and item.url not in html

    def test_asks_as_many_queries_for_many_looks_as_for_one(self, officer, item, person, django_assert_num_queries):
        look(item, person, "gone")
        page(officer, item)
        with django_assert_num_queries(QUERIES_OF_AN_ITEM):
            page(officer, item)
        for hours in range(2, 7):
            look(item, person, "still_there", hours_ago=hours, note=str(hours))
        with django_assert_num_queries(QUERIES_OF_AN_ITEM):
            page(officer, item)


QUERIES_OF_AN_ITEM = 19


class TestFilingAgain:
    def test_fills_in_the_new_case_and_links_it(self, officer, item, person):
        look(item, person, "gone", hours_ago=2)
        look(item, person, "still_there")
        address = f"/items/{item.reference}/file-again/"
        html = officer.get(address).content.decode()
        assert item.url_raw in html and f"Back again: {item.reference}" in html
        initial = officer.get(address).context["form"].initial
        sent = {name: value for name, value in initial.items() if value} | {"act": "draft"}
        response = officer.post(address, sent, follow=True)
        case = Case.objects.latest("pk")
        assert response.redirect_chain[-1][0] == f"/cases/{case.reference}/"
        review = Review.objects.get()
        assert (review.state, review.filed_as) == ("filed_again", case.reference)
        assert f"Filed again as {case.reference}." in page(officer, item)

    def test_a_refused_form_links_nothing(self, officer, item, person):
        look(item, person, "still_there")
        response = officer.post(f"/items/{item.reference}/file-again/", {"act": "draft", "addresses": ""})
        assert response.status_code == 422
        assert Review.objects.get().state == "waiting"

    def test_copies_no_address_of_the_child_abuse_area(self, officer, item, person):
        look(item, person, "still_there")
        item.referral.area = "csam"
        item.referral.save(update_fields=["area"])
        response = officer.get(f"/items/{item.reference}/file-again/", follow=True)
        assert response.redirect_chain and item.url_raw not in response.content.decode()


class TestTheLists:
    def test_show_each_removal_where_it_belongs(self, officer, item, person):
        assert item.reference in officer.get("/verification/?view=unverified").content.decode()
        look(item, person, "gone", hours_ago=3)
        assert item.reference not in officer.get("/verification/?view=unverified").content.decode()
        look(item, person, "still_there")
        assert item.reference in officer.get("/verification/").content.decode()
        assert item.reference not in officer.get("/verification/?view=still_there").content.decode()
        officer.post(f"/items/{item.reference}/review/", {"act": "dismiss"})
        assert item.reference in officer.get("/verification/?view=judged").content.decode()

    def test_narrow_by_platform_host_and_reference(self, officer, item):
        other = PlatformFactory()
        for query in (f"platform={item.recipient.slug}", f"q={item.host}", f"q={item.reference.lower()}"):
            assert item.reference in officer.get(f"/verification/?view=unverified&{query}").content.decode()
        for query in (f"platform={other.slug}", "q=elsewhere.example"):
            html = officer.get(f"/verification/?view=unverified&{query}").content.decode()
            assert item.reference not in html and "Nothing matches this" in html

    @pytest.mark.parametrize("view", ["back_again", "still_there", "unverified", "judged", "nonsense"])
    def test_say_when_nothing_is_there(self, client, view):
        client.force_login(member(ReferralUnitFactory(), Role.OFFICER))
        response = client.get(f"/verification/?view={view}")
        assert response.status_code == 200 and 'class="empty"' in response.content.decode()

    def test_are_not_for_platforms(self, client, item):
        assert contact(client, item).get("/verification/").status_code == 403

    @pytest.mark.parametrize("view", ["back_again", "unverified"])
    def test_cost_the_same_for_many(self, officer, item, person, view, django_assert_num_queries):
        def show():
            return officer.get(f"/verification/?view={view}").content.decode()

        def be_back(one):
            if view == "back_again":
                look(one, person, "gone", hours_ago=0.5)
                look(one, person, "still_there", hours_ago=0.1)

        be_back(item)
        show()
        with django_assert_num_queries(QUERIES_OF_A_LIST):
            assert show().count('scope="row"') == 1
        for _time in range(4):
            now = timezone.now()
            facts = {"sender": item.sender, "filed_at": now, "items__decided_at": now - HOUR}
            be_back(Item.objects.get(referral=ReferralFactory(state=State.ANSWERED, items=1, **facts)))
        with django_assert_num_queries(QUERIES_OF_A_LIST):
            assert show().count('scope="row"') == 5


QUERIES_OF_A_LIST = 17


class TestTheSwitch:
    @pytest.fixture
    def administrator(self, client, item):
        client.force_login(member(item.sender, Role.ADMINISTRATOR, name="Ada Admin"))
        return client

    def test_says_that_the_installation_has_no_way_out(self, administrator, settings):
        settings.CHECKER_DIRECT, settings.CHECKER_PROXY_URL = False, ""
        assert "Not available in this installation" in administrator.get("/verification/checker/").content.decode()
        settings.CHECKER_PROXY_URL = "http://egress.example:3128"
        assert "Not available" not in administrator.get("/verification/checker/").content.decode()

    def test_is_off_until_somebody_switches_it_on(self, administrator):
        assert "Switch on" in administrator.get("/verification/checker/").content.decode()
        html = administrator.post("/verification/checker/switch/", {"on": "1"}, follow=True).content.decode()
        assert "Removal checks are on." in html and "Ada Admin" in html
        assert Checker.objects.get().is_on
        administrator.post("/verification/checker/switch/", {"on": "0"})
        assert not Checker.objects.get().is_on

    def test_is_for_administrators_of_senders(self, officer, client, item):
        assert officer.get("/verification/checker/").status_code == 403
        client.force_login(member(item.recipient, Role.ADMINISTRATOR))
        client.post("/verification/checker/switch/", {"on": "1"})
        assert not Checker.objects.exists()


class TestTheExport:
    def test_has_a_column_for_what_is_verified(self, officer, item, person):
        look(item, person, "gone")
        csv = officer.get(f"/cases/{item.referral.case.reference}/items.csv").content.decode("utf-8-sig")
        assert '"Verified","Verified at"' in csv.splitlines()[0]
        at = Check.objects.get().at.isoformat(timespec="seconds")
        assert csv.splitlines()[1].endswith(f'"Verified gone","{at}"')

    def test_leaves_it_empty_where_nothing_is_claimed(self, officer, item):
        Item.objects.filter(pk=item.pk).update(outcome="NO_ACTION")
        csv = officer.get(f"/cases/{item.referral.case.reference}/items.csv").content.decode("utf-8-sig")
        assert csv.splitlines()[1].endswith(',"",""')

"""The directory, the way a platform gets into it, and the pages where it keeps its entry."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import Membership
from apps.accounts.roles import Role
from apps.accounts.services import sync_roles
from apps.organisations.models import ContactPoint, Organisation, PlatformProfile, PolicyLink, Standing
from apps.referrals.models import Referral
from tests.factories import PlatformFactory, ReferralUnitFactory, member
from tests.factories.people import principal_for

FORUM = {"name": "Small Forum", "hosts": "https://www.forum.example/start", "country": "AT",
         "contact": "abuse@forum.example"}  # fmt: skip
PROFILE = {"service_type": "hosting", "size_class": "small", "languages": ["de", "en"], "time_zone": "Europe/Vienna",
           "size_since": "2024-02-01", "recipients_eu": "41000", "representative_name": "Lex GmbH"}  # fmt: skip


@pytest.fixture
def unit():
    return ReferralUnitFactory(name="Unit North", second_person=False)


@pytest.fixture
def officer(client, unit):
    client.force_login(member(unit, Role.OFFICER, name="Signe Lindqvist"))
    return client


@pytest.fixture
def platform():
    return PlatformFactory(slug="streamhub", name="Streamhub", country="US")


@pytest.fixture
def administrator(platform):
    visitor = Client()
    visitor.force_login(member(platform, Role.ADMINISTRATOR))
    return visitor


def show(client, name, *args, status=200, **query):
    response = client.get(reverse(f"portal:{name}", args=args), query)
    assert response.status_code == status
    return response.content.decode()


def send(client, name, data, *args, status=302):
    response = client.post(reverse(f"portal:{name}", args=args), data)
    assert response.status_code == status, response.content.decode()[-3000:]
    return response


class TestDirectory:
    def test_finds_by_name_and_by_host(self, officer, platform):
        PlatformFactory(slug="forum", name="Forum")
        assert "Streamhub" in show(officer, "platforms") and "Forum" in show(officer, "platforms")
        assert "Forum" not in show(officer, "platforms", q="stream")
        assert "Streamhub" in show(officer, "platforms", q="streamhub.exa")
        assert "No platform matches" in show(officer, "platforms", q="nothing")

    def test_asks_as_many_questions_for_two_as_for_forty(self, officer, platform):
        counts = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as asked:
                show(officer, "platforms")
            counts.append(len(asked))
            PlatformFactory.create_batch(40)
        assert counts[0] == counts[1]

    def test_is_the_senders(self, administrator, platform):
        show(administrator, "platforms", status=403)
        assert "Streamhub" in show(administrator, "platform", "streamhub")
        show(administrator, "platform", PlatformFactory().slug, status=404)


class TestAdding:
    def test_leads_to_the_entry(self, officer):
        response = send(officer, "platform-create", FORUM)
        assert response.url == reverse("portal:platform", args=["small-forum"])
        page = show(officer, "platform", "small-forum")
        assert "Added by a sender" in page and "abuse@forum.example" in page and "Signe Lindqvist" in page
        assert "Kind and size are presumed" in page

    def test_names_the_platform_that_is_there_and_keeps_what_was_entered(self, officer, platform):
        page = send(officer, "platform-create", FORUM | {"hosts": "m.streamhub.example"}, status=422).content.decode()
        assert "The directory has this platform already: Streamhub." in page
        assert reverse("portal:platform", args=["streamhub"]) in page and "abuse@forum.example" in page

    def test_shows_others_no_maker(self, officer):
        send(officer, "platform-create", FORUM)
        stranger = Client()
        stranger.force_login(member(ReferralUnitFactory(), Role.OFFICER))
        page = show(stranger, "platform", "small-forum")
        assert "Signe" not in page and "Unit North" not in page

    def test_files_the_rows_that_waited_for_it(self, officer, unit):
        filing = {
            "instrument": "referral",
            "area": "terrorism",
            "category": "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
            "urgency": "day",
            "reasons": "Instructions.",
            "language": "en",
            "tlp": "amber",
            "pap": "amber",
            "legal_basis": "Art 1",
            "act": "draft",
        }
        PlatformFactory(slug="known")
        addresses = "https://known.example/1\nhttps://www.forum.example/2\nhttps://forum.example/3"
        case = send(officer, "case-create", filing | {"addresses": addresses}).url
        page = officer.get(case).content.decode()
        assert "Add the platform of forum.example (2)" in page and "File them" not in page

        back = send(officer, "platform-create", FORUM | {"hosts": "forum.example", "case": case.split("/")[-2]})
        assert back.url == case
        page = officer.get(case).content.decode()
        assert "2 of these addresses have a platform by now." in page
        hidden = re.findall(
            r'type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', page.split("File them")[0].rsplit("<form", 1)[1]
        )
        kept = {name: value for name, value in hidden if name != "csrfmiddlewaretoken"}
        form = officer.post(reverse("portal:case-create"), kept).content.decode()
        assert "Small Forum" in form and "Instructions." in form
        send(officer, "case-create", kept | {"act": "draft"})
        assert Referral.objects.get(recipient__slug="small-forum").item_count == 2


class TestClaim:
    @pytest.fixture
    def link(self, officer, commit, mailoutbox):
        send(officer, "platform-create", FORUM)
        with commit():
            send(officer, "platform-invite", {}, "small-forum")
        return re.search(r"http://portal.example(/claims/\S+/)", mailoutbox[-1].body).group(1)

    def test_takes_a_stranger_from_the_mail_to_the_set_up_page(self, link):
        visitor = Client()
        assert "Take over the entry of Small Forum" in visitor.get(link).content.decode()
        joining = visitor.post(link, {"email": "abuse@forum.example"})
        assert joining.url.startswith("/invitations/")
        joined = visitor.post(joining.url, {"name": "Ida Moser", "password": "a long enough phrase"})
        assert joined.url == reverse("portal:platform-own")
        page = show(visitor, "platform-own")
        assert "Getting ready" in page and "Confirmed by the platform" in page
        assert Membership.objects.get(organisation__slug="small-forum").role == Role.ADMINISTRATOR

    def test_a_robot_that_opens_every_link_changes_nothing(self, link):
        for _ in range(3):
            Client().get(link)
            Client().head(link)
        assert Organisation.objects.get(slug="small-forum").standing == Standing.PROSPECTIVE
        assert Client().post(link, {"email": "abuse@forum.example"}).status_code == 302
        assert "This link has been used" in Client().get(link).content.decode()

    def test_refuses_a_mailbox_elsewhere(self, link):
        page = Client().post(link, {"email": "ida@elsewhere.example"})
        assert page.status_code == 422 and "own domain" in page.content.decode()

    def test_sends_a_colleague_an_invitation(self, link, mailoutbox):
        page = Client().post(link, {"email": "ida@forum.example"})
        assert "Read your mail" in page.content.decode()

    def test_knows_no_such_link(self):
        assert Client().get("/claims/nonsense/").status_code == 410


class TestOwnEntry:
    def test_is_changed_by_its_administrators_alone(self, officer, platform):
        contact = Client()
        contact.force_login(member(platform, Role.CONTACT_POINT))
        for name in ("platform-own", "platform-profile", "platform-contacts", "platform-policies"):
            show(contact, name, status=403)
            show(officer, name, status=404)

    def test_says_what_it_is_and_what_follows_in_law(self, administrator, platform, officer):
        send(administrator, "platform-profile", PROFILE)
        profile = PlatformProfile.objects.get(organisation=platform)
        assert (profile.service_type, profile.size_class, profile.size_since) == ("hosting", "small", date(2024, 2, 1))
        platform.refresh_from_db()
        assert (platform.languages, platform.time_zone) == (["de", "en"], "Europe/Vienna")
        page = show(officer, "platform", "streamhub")
        assert "Notice and action" in page and "Lex GmbH" in page and "1 duty it is spared for its size" in page

    @pytest.mark.parametrize(
        "wrong", [{"size_lost_on": "2026-01-01"}, {"designated_on": "2026-01-01"}, {"languages": []}]
    )
    def test_refuses_what_cannot_be(self, administrator, platform, wrong):
        send(administrator, "platform-profile", PROFILE | wrong, status=422)
        assert PlatformProfile.objects.get(organisation=platform).size_class == "medium"

    def test_lists_contact_points_by_purpose(self, administrator, platform):
        facts = {"purpose": "terrorism", "email": "Orders@streamhub.example", "languages": ["en"],
                 "hours": "Day and night", "time_zone": "Europe/Dublin"}  # fmt: skip
        send(administrator, "platform-contacts", facts)
        assert "Day and night (Europe/Dublin)" in show(administrator, "platform-contacts")
        page = send(administrator, "platform-contacts", facts, status=422).content.decode()
        assert "This address is listed for this purpose already." in page

    def test_keeps_the_last_contact_for_authorities(self, administrator, platform):
        only = ContactPoint.objects.get(organisation=platform)
        send(administrator, "platform-contact-remove", {"contact": only.pk})
        assert ContactPoint.objects.filter(pk=only.pk).exists()
        ContactPoint.objects.create(organisation=platform, purpose="authorities", email="new@streamhub.example")
        send(administrator, "platform-contact-remove", {"contact": only.pk})
        assert not ContactPoint.objects.filter(pk=only.pk).exists()

    def test_removes_no_other_platform_s_contact(self, administrator):
        other = ContactPoint.objects.get(organisation=PlatformFactory())
        send(administrator, "platform-contact-remove", {"contact": other.pk})
        assert ContactPoint.objects.filter(pk=other.pk).exists()

    def test_keeps_the_history_of_its_policies(self, administrator, platform, officer):
        for url in ("https://streamhub.example/terms/1", "https://streamhub.example/terms/2"):
            send(administrator, "platform-policies", {"kind": "terms", "url": url, "note": "New section 4"})
        page = show(officer, "platform", "streamhub")
        assert page.index("terms/2") < page.index("1 earlier version") < page.index("terms/1")
        assert PolicyLink.objects.count() == 2

    @pytest.mark.parametrize("url", ["http://streamhub.example/", "javascript:alert(1)", "not an address"])
    def test_links_nothing_unsafe(self, administrator, url):
        send(administrator, "platform-policies", {"kind": "terms", "url": url}, status=422)
        assert not PolicyLink.objects.exists()

    def test_tells_what_is_done_and_what_is_missing(self, administrator, platform):
        assert "Name your legal representative in the Union" in show(administrator, "platform-own")
        before = show(administrator, "platform-own").count('class="done"')
        send(administrator, "platform-profile", PROFILE)
        assert show(administrator, "platform-own").count('class="done"') > before


def test_roles_of_a_new_platform_need_no_second_sync(officer):
    send(officer, "platform-create", FORUM)
    assert sync_roles() == 0
    assert principal_for(Organisation.objects.get(slug="small-forum"), Role.CONTACT_POINT).permissions

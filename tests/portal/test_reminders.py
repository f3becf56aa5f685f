"""Pages about reminders: whom they go to, what is announced, what stayed unanswered."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.roles import Role
from apps.deadlines.models import Announcement, Escalation
from apps.organisations.models import ContactPoint, ContactPurpose
from apps.referrals.models import Event, Obligation
from tests.factories import (
    CommissionFactory,
    ContactPointFactory,
    PlatformFactory,
    ReferralFactory,
    ReferralUnitFactory,
    member,
)

LIST, NAMED = reverse("portal:escalations"), reverse("portal:reminder-contacts")


@pytest.fixture
def analyst(client):
    client.force_login(member(CommissionFactory(), Role.ANALYST))
    return client


def escalate(platform, count, area="hate_speech", age="3_days", **facts):
    day = timezone.now().date()
    return Escalation.objects.create(
        **{
            "platform": platform,
            "instrument": "referral",
            "area": area,
            "day": day,
            "age": age,
            "count": count,
            **facts,
        }
    )


class TestTheCommissionsList:
    def test_counts_by_platform_and_area(self, analyst):
        video, forum = PlatformFactory(name="VidStream"), PlatformFactory(name="Forum")
        escalate(video, 7), escalate(video, 2, age="older"), escalate(forum, 30, area="wildlife")
        page = analyst.get(LIST).context["page"]
        assert [(row.name, row.count, row.oldest) for row in page.platforms] == [
            ("Forum", 30, "1 to 3 days"),
            ("VidStream", 9, "More than a week"),
        ]
        assert [row.count for row in page.areas] == [30, 9] and page.count == 39

    def test_hides_what_would_point_at_an_investigation(self, analyst):
        escalate(PlatformFactory(name="VidStream"), 2, area="terrorism")
        escalate(PlatformFactory(name="Forum"), 30), escalate(PlatformFactory(name="Pinboard"), 40)
        response = analyst.get(LIST)
        shown = {row.name: row.count for row in response.context["page"].platforms}
        assert shown == {"VidStream": None, "Forum": None, "Pinboard": 40}
        assert "not shown" in response.content.decode()

    def test_forgets_what_is_long_ago_and_is_calm_when_empty(self, analyst):
        escalate(PlatformFactory(), 9, day=timezone.now().date() - timedelta(days=91))
        assert "Nothing stayed unanswered" in analyst.get(LIST).content.decode()

    @pytest.mark.parametrize("count", [1, 6])
    def test_costs_the_same_number_of_queries(self, analyst, count, django_assert_num_queries):
        for _ in range(count):
            escalate(PlatformFactory(), 9)
        analyst.get(LIST)
        with django_assert_num_queries(14):
            analyst.get(LIST)

    @pytest.mark.parametrize("factory", [ReferralUnitFactory, PlatformFactory, CommissionFactory])
    def test_is_closed_to_everybody_else(self, client, factory):
        client.force_login(member(factory(), Role.ADMINISTRATOR))
        assert client.get(LIST).status_code == 403


class TestWhoIsReminded:
    @pytest.fixture
    def unit(self, client):
        unit = ReferralUnitFactory()
        client.force_login(member(unit, Role.ADMINISTRATOR))
        return unit

    def test_a_sender_names_its_supervisor_and_takes_the_name_back(self, client, unit):
        given = {"purpose": "supervisor", "email": "Head@unit.example"}
        assert "head@unit.example" in client.post(NAMED, given, follow=True).content.decode()
        named = ContactPoint.objects.get(organisation=unit)
        assert named.purpose == ContactPurpose.SUPERVISOR
        client.post(reverse("portal:reminder-contact-remove"), {"contact": named.pk})
        assert not ContactPoint.objects.filter(organisation=unit).exists()

    def test_a_sender_has_no_backup_contact(self, client, unit):
        assert client.post(NAMED, {"purpose": "backup", "email": "a@unit.example"}).status_code == 422

    def test_a_wrong_address_is_said_at_its_field(self, client, unit):
        response = client.post(NAMED, {"purpose": "supervisor", "email": "nobody"})
        assert response.status_code == 422 and response.context["form"].errors["email"]

    def test_nobody_removes_what_is_another_s(self, client, unit):
        strange = ContactPointFactory(
            organisation=PlatformFactory(), purpose=ContactPurpose.SUPERVISOR, email="x@y.example"
        )
        client.post(reverse("portal:reminder-contact-remove"), {"contact": strange.pk})
        assert ContactPoint.objects.filter(pk=strange.pk).exists()

    @pytest.mark.parametrize(("factory", "role", "status"), [
        (ReferralUnitFactory, Role.OFFICER, 403),
        (PlatformFactory, Role.CONTACT_POINT, 403),
        (CommissionFactory, Role.ADMINISTRATOR, 404),
    ])  # fmt: skip
    def test_is_for_administrators_of_who_is_reminded(self, client, factory, role, status):
        client.force_login(member(factory(), role))
        assert client.get(NAMED).status_code == status

    def test_no_other_organisation_reads_it(self, client):
        platform = PlatformFactory(slug="vidstream")
        ContactPointFactory(organisation=platform, purpose=ContactPurpose.SUPERVISOR, email="boss@vidstream.example")
        client.force_login(member(ReferralUnitFactory(), Role.OFFICER))
        for url in (reverse("portal:platform", args=["vidstream"]), reverse("portal:platforms"), "/contacts/?all=1"):
            text = client.get(url).content.decode()
            assert "vidstream" in text and "boss@vidstream.example" not in text


class TestAnAnnouncement:
    @pytest.fixture
    def referral(self, client):
        platform = PlatformFactory()
        client.force_login(member(platform, Role.CONTACT_POINT))
        now = timezone.now()
        referral = ReferralFactory(recipient=platform, state="acknowledged", due_at=now + timedelta(hours=9))
        Obligation.objects.update(started_at=now - timedelta(hours=15), due_at=now + timedelta(hours=9))
        return referral

    def announce(self, client, referral, **given):
        day = (timezone.now() + timedelta(days=3)).date().isoformat()
        url = reverse("portal:referral-announce", args=[referral.reference])
        return client.post(url, {"until": day, **given}, follow=True)

    def test_is_made_on_the_page_and_stands_in_the_history(self, client, referral):
        assert (
            "Announce your answer" in client.get(reverse("portal:referral", args=[referral.reference])).content.decode()
        )
        text = self.announce(client, referral, text="Our lawyers look at it.").content.decode()
        assert "Answer announced, by" in text and "Our lawyers look at it." in text
        assert Announcement.objects.get().rung == "before"

    @pytest.mark.parametrize("until", ["", "soon", "2001-01-01", "2999-01-01"])
    def test_that_makes_no_sense_is_refused_with_a_sentence(self, client, referral, until):
        response = self.announce(client, referral, until=until)
        assert next(str(one) for one in response.context["messages"]).endswith(".")
        assert not Announcement.objects.exists()

    def test_of_what_the_law_sets_is_refused(self, client, referral):
        Obligation.objects.update(statutory=True)
        assert "time limit of the law" in self.announce(client, referral).content.decode()
        assert not Event.objects.filter(verb="referral.answer_announced").exists()

    def test_is_the_platforms_alone(self, client, referral):
        client.force_login(member(referral.sender, Role.OFFICER))
        assert self.announce(client, referral).status_code == 403

    def test_of_a_selection_says_what_became_of_each(self, client, referral):
        law = ReferralFactory(recipient=referral.recipient, state="acknowledged", items=2)
        Obligation.objects.filter(referral=law).update(statutory=True)
        items = [item.reference for one in (referral, law) for item in one.items.all()]
        day = (timezone.now() + timedelta(days=3)).date().isoformat()
        response = client.post(
            reverse("portal:items-act"), {"act": "announce", "item": items, "answered_on": day, "said": "Soon."}
        )
        said = [str(one) for one in client.get(response.url).context["messages"]]
        assert said[0].startswith("The sender of 1 referral") and "time limit of the law" in said[1]
        assert Announcement.objects.get().text == "Soon."

    def test_of_a_selection_needs_a_day(self, client, referral):
        response = client.post(reverse("portal:items-act"), {"act": "announce", "item": ["I-TEST-00000000"]})
        assert "Choose the day" in str(next(iter(client.get(response.url).context["messages"])))

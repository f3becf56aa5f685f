import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.deadlines.models import Announcement, Chase
from apps.portal.presenters.clock import in_short
from apps.referrals.models import Obligation
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, member

OVERDUE, EXPORT = reverse("portal:overdue"), reverse("portal:overdue-export")


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


def facts(facets):
    return [(str(facet.label), facet.count, facet.oldest) for facet in facets]


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
        assert [tab.count for tab in tabs] == ["2", "1", "0", "0", "1", "0"]
        assert rows(officer.get(OVERDUE, {"age": "day"})) == [young.reference]
        assert rows(officer.get(OVERDUE, {"age": "older"})) == [old.reference]

    def test_says_who_is_late_most_often(self, officer, late):
        late(3), late(4)
        other = late(30, recipient=PlatformFactory(name="PicPost", slug="picpost"))
        parties = officer.get(OVERDUE).context["page"].parties
        assert facts(parties) == [("VidStream", 2, "4 h"), ("PicPost", 1, "30 h")]
        assert rows(officer.get(OVERDUE + parties[1].url)) == [other.reference]

    def test_counts_by_urgency_the_most_urgent_first(self, officer, late):
        late(3), late(4), late(5), late(5)
        danger = late(1, urgency="life")
        urgencies = officer.get(OVERDUE).context["page"].urgencies
        assert facts(urgencies) == [("Threat to life or safety", 1, "1 h"), ("Within a day", 4, "5 h")]
        assert rows(officer.get(OVERDUE + urgencies[0].url)) == [danger.reference]

    def test_filters_go_together_and_each_figure_is_what_its_link_leads_to(self, officer, late):
        other = PlatformFactory(name="PicPost", slug="picpost")
        for hours, urgency, platform in (
            (2, "life", None),
            (30, "life", other),
            (40, "day", other),
            (300, "day", None),
        ):
            late(hours, urgency=urgency, **({"recipient": platform} if platform else {}))
        page = officer.get(OVERDUE, {"urgency": "life", "age": "days"}).context["page"]
        assert [tab.count for tab in page.tabs] == ["2", "1", "1", "0", "0", "0"]
        assert facts(page.urgencies) == [("Threat to life or safety", 1, "30 h"), ("Within a day", 1, "40 h")]
        assert facts(page.parties) == [("PicPost", 1, "30 h")]
        for facet in (*page.urgencies, *page.parties):
            again = officer.get(OVERDUE + facet.url)
            assert len(rows(again)) == (2 if facet.is_chosen else facet.count)
        for tab in page.tabs:
            assert len(rows(officer.get(OVERDUE + tab.url))) == int(tab.count)

    def test_has_what_is_due_within_a_day_as_its_own_list(self, officer, late):
        late(3), late(-30), late(-5, state="info_requested", due_at=None)
        soon = late(-5)
        response = officer.get(OVERDUE, {"age": "soon"})
        assert rows(response) == [soon.reference]
        text = response.content.decode()
        assert "1 referral due within 24 h" in text and ("due in 5 h" in text or "due in 4 h" in text)
        assert soon.reference not in rows(officer.get(OVERDUE))

    def test_goes_out_as_a_file_with_the_same_filters(self, officer, late):
        young, old = late(3), late(24 * 9)
        lines = list(csv.DictReader(StringIO(officer.get(EXPORT, {"age": "older"}).content.decode("utf-8-sig"))))
        assert [line["Referral"] for line in lines] == [old.reference]
        assert (lines[0]["Clock"], lines[0]["Reminders"]) == ("overdue by 9 days", "0")
        assert young.reference in officer.get(EXPORT).content.decode()
        assert AuditEntry.objects.filter(verb="referral.exported").exists()

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
        assert "(at the due time)" in officer.get(OVERDUE).content.decode()
        words = officer.get(OVERDUE).context["page"].rows[0].reminded.words
        assert words.startswith("once, ")

    def test_says_what_a_platform_has_announced_while_it_is_to_come(self, officer, late):
        late(3)
        clock, now = Obligation.objects.get(), timezone.now()
        for until in (now + timedelta(hours=30), now - timedelta(hours=1)):
            Announcement.objects.create(
                obligation=clock,
                sender_id=clock.sender_id,
                recipient_id=clock.recipient_id,
                rung="late",
                round=0,
                until=until,
                at=now - timedelta(hours=2),
            )
        with timezone.override(clock.sender.time_zone):
            said = in_short(now + timedelta(hours=30))
        assert f"answer announced by {said}" in officer.get(OVERDUE).content.decode()
        assert officer.get(OVERDUE).context["page"].rows[0].reminded.announced == now + timedelta(hours=30)

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
        with django_assert_num_queries(20):
            officer.get(OVERDUE)

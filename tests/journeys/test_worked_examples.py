"""Clocks that a lawyer and an engineer can check by hand: received, asked, answered; then read on the page."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.roles import Role
from apps.delivery.models import Delivery
from apps.referrals import services
from apps.referrals.clocks import start_clocks
from apps.referrals.models import Item, Obligation, Policy, Target
from apps.referrals.services import Answer
from apps.referrals.transitions import State
from apps.taxonomy.outcomes import Outcome
from apps.tenancy.context import acting_as, system
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, member, principal_for, token_for

ZONES = {"DE": "Europe/Berlin", "NL": "Europe/Amsterdam", "PL": "Europe/Warsaw"}


def berlin(*when):
    return datetime(*when, tzinfo=ZoneInfo("Europe/Berlin"))


class Story:
    """One referral between a unit and a platform in a country, told by what both sides do and when."""

    def __init__(self, *, country="DE", sender=None, **facts):
        self.unit = sender or ReferralUnitFactory(country="DE", time_zone="Europe/Berlin")
        self.platform = PlatformFactory(country=country, time_zone=ZONES[country])
        self.referral = ReferralFactory(sender=self.unit, recipient=self.platform, state=State.SENT, **facts)
        self.officer = principal_for(self.unit, Role.OFFICER)
        self.contact = principal_for(self.platform, Role.CONTACT_POINT)

    def received(self, at):
        self.delivery = Delivery.objects.create(
            sender=self.unit,
            recipient=self.platform,
            key=f"{self.referral.reference}:sent:webhook",
            channel="webhook",
            message="referral_sent",
            about=self.referral.reference,
            state="delivered",
            next_at=at,
            created_at=at,
            received_at=at,
            proof={"channel": "webhook"},
        )
        with acting_as(system("start clocks")):
            start_clocks()
        return self._again()

    def asked(self, text, at):
        with acting_as(self.contact):
            services.request_information(self.referral, text=text, by=self.contact, at=at)
        return self._again()

    def told(self, text, at):
        with acting_as(self.officer):
            services.provide_information(self.referral, text=text, by=self.officer, at=at)
        return self._again()

    def removed(self, at):
        one = Answer(
            item=Item.objects.get(referral=self.referral).reference,
            outcome=Outcome.REMOVED,
            ground="DECISION_GROUND_ILLEGAL_CONTENT",
            legal_ground="Directive (EU) 2017/541, Article 5",
            acted_at=at,
        )
        with acting_as(self.contact):
            (result,) = services.answer([one], channel="api", by=self.contact, at=at)
        assert result.result == "decided"
        return self._again()

    def clock(self, clock="answer_target"):
        return Obligation.objects.get(referral=self.referral, clock=clock)

    def page(self, person=None):
        """What the page says of the clocks, as text."""
        client = Client()
        client.force_login(person or member(self.unit, Role.OFFICER))
        html = client.get(reverse("portal:referral", args=[self.referral.reference])).content.decode()
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))

    def by_api(self):
        token = token_for(self.platform, Role.CONTACT_POINT)
        answer = Client().get(
            f"/api/v1/referrals/{self.referral.reference}/", headers={"Authorization": f"Bearer {token}"}
        )
        return answer.json()["obligations"]

    def _again(self):
        self.referral.refresh_from_db()
        return self


class TestAnHourBeforeMidnight:
    """Received 23:30; acted 00:30:00 is within an hour, 00:30:01 is not."""

    @pytest.mark.parametrize(
        ("acted", "within", "verdict"),
        [
            ((0, 30, 0), True, "met 13 Mar 2026, 00:30:00 CET, exactly at the due time."),
            ((0, 30, 1), False, "met 13 Mar 2026, 00:30:01 CET, 1 s late."),
        ],
    )
    def test_ends_with_its_last_second(self, acted, within, verdict):
        story = Story(urgency="hour").received(berlin(2026, 3, 12, 23, 30)).removed(berlin(2026, 3, 13, *acted))
        page = story.page()
        receipt = str(story.delivery.public_id)
        assert (
            f"Started 12 Mar 2026, 23:30:00 CET (delivered by: Webhook, receipt {receipt[:8]}…), "
            f"due 13 Mar 2026, 00:30:00 CET, {verdict}" in page
        )
        assert "12 Mar, 23:30 + 1 h = 13 Mar, 00:30" in page
        assert receipt in page
        assert story.by_api()[0]["within"] is within


class TestARemovalOrder:
    """Received 10:00, clarification asked 10:20, given 14:00, removed 14:50: fifty minutes, and compliant."""

    @pytest.fixture
    def story(self):
        story = Story(instrument="removal_order", urgency="hour").received(berlin(2026, 3, 12, 10))
        return story.asked("Which of the two videos?", berlin(2026, 3, 12, 10, 20))

    def test_has_an_hour_from_the_clarification_on(self, story):
        story.told("The second one.", berlin(2026, 3, 12, 14)).removed(berlin(2026, 3, 12, 14, 50))
        law = story.clock("removal")
        assert (law.counted_from, law.due_at) == (berlin(2026, 3, 12, 14), berlin(2026, 3, 12, 15))
        page = story.page()
        assert "Time limit of the law" in page
        assert (
            "paused 3 h 40 min (question “Which of the two videos?”), begun anew 12 Mar 2026, 14:00 CET, "
            "due 12 Mar 2026, 15:00 CET, met 12 Mar 2026, 14:50 CET, 10 min before the due time." in page
        )
        assert "12 Mar, 14:00 + 1 h = 12 Mar, 15:00" in page
        assert "The time limit of the law was kept: 10 min before the due time." in page
        assert "Reg. (EU) 2021/784 Art 3(7), 3(8), Annex I (clock C1, version 1)" in page
        assert "not verified against the Official Journal" in page

    def test_says_so_while_it_waits_for_it(self, story):
        page = story.page()
        assert "due 1 hour after the reply." in page  # the law's begins anew
        assert {one["clock"]: one["on_question"] for one in story.by_api()} == {"removal": "restart"}

    def test_has_no_target_of_the_portal_beside_the_law(self, story):
        story.told("The second one.", berlin(2026, 3, 12, 14)).removed(berlin(2026, 3, 12, 14, 50))
        assert [(one["clock"], one["within"]) for one in story.by_api()] == [("removal", True)]

    def test_answered_while_it_stood_still_is_judged_from_then_on(self, story):
        story.removed(berlin(2026, 3, 12, 16))
        law = story.clock("removal")
        assert (law.due_at, law.met_at) == (berlin(2026, 3, 12, 17), berlin(2026, 3, 12, 16))
        assert "The time limit of the law was kept: 1 h before the due time." in story.page()


class TestHateSpeechOverAWeekend:
    """A notice of Friday evening against 24 hours: weekends count where hours do."""

    def test_is_due_on_saturday_evening(self):
        story = Story(
            instrument="notice",
            area="hate_speech",
            urgency="day",
            category="STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
        )
        story.received(berlin(2026, 3, 13, 18)).removed(berlin(2026, 3, 16, 9))
        page = story.page()
        assert "due 14 Mar 2026, 18:00 CET, met 16 Mar 2026, 09:00 CET, 39 h late." in page
        assert "Target that follows a commitment" in page and "clock C16, version 1" in page
        (clock,) = story.by_api()
        assert (clock["basis"], clock["rule"], clock["within"]) == ("commitment", "C16/1", False)


class TestWorkingDaysOverTheFirstOfMay:
    """Two working days from Tuesday 30 April 2030, received at ten; who has to act works by their own calendar."""

    @pytest.mark.parametrize(
        ("country", "due_on", "why"),
        [
            ("NL", "2 May 2030", "Wed 1 May 2030 counted: 1"),
            ("DE", "3 May 2030", "Wed 1 May 2030 not counted: public holiday (Labor Day)"),
            ("PL", "6 May 2030", "Fri 3 May 2030 not counted: public holiday (National Day of the Third of May)"),
        ],
    )
    def test_are_those_of_the_platform_s_country(self, country, due_on, why):
        unit = ReferralUnitFactory(country="DE", time_zone="Europe/Berlin", name="Examplia Referral Unit")
        then = datetime(2026, 1, 1, tzinfo=UTC)
        policy = Policy.objects.create(organisation=unit, version=1, created_at=then)
        Target.objects.create(organisation=unit, policy=policy, amount=2, unit="working_days")
        story = Story(country=country, sender=unit, urgency="standard").received(berlin(2030, 4, 30, 10))
        page = story.page()
        assert f"due at the end of {due_on} in {ZONES[country]}" in page
        assert why in page
        assert "Policy of Examplia Referral Unit, version 1" in page
        assert story.clock().due_at - story.clock().started_at > timedelta(days=1)
        assert story.by_api()[0]["zone"] == ZONES[country]


class TestBothSides:
    def test_read_the_same_of_a_clock(self):
        story = Story(urgency="day").received(berlin(2026, 3, 12, 10))
        story.asked("Which post?", berlin(2026, 3, 12, 10, 20)).told("The second.", berlin(2026, 3, 12, 14))
        sums = [
            re.search(r"Started 12 Mar .*? CET, overdue", story.page(person)).group()
            for person in (member(story.unit, Role.OFFICER), member(story.platform, Role.CONTACT_POINT))
        ]
        assert sums[0] == sums[1]

    def test_a_receipt_shown_by_an_act_is_said_to_be_one(self):
        story = Story(urgency="day").asked("Which post?", berlin(2026, 3, 12, 10))
        assert "(the platform acted on it)" in story.page()

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.roles import Role
from apps.referrals.models import Event
from apps.referrals.models.event import Verb
from apps.referrals.transitions import State
from apps.statistics import services as statistics
from tests.factories import (
    CommissionFactory,
    PlatformFactory,
    ReferralFactory,
    ReferralUnitFactory,
    UserFactory,
    member,
)
from tests.portal.test_cases import text_of


def said(referral, verb, text, *, at=None):
    Event.objects.create(
        sender=referral.sender,
        recipient=referral.recipient,
        disclosed=True,
        referral=referral,
        verb=verb,
        at=at or timezone.now(),
        actor_label="x",
        text=text,
    )


def panel(response, title):
    """The words of one panel, from its title to the next heading."""
    text = text_of(response)
    start = text.index(title)
    return text[start : start + 400]


@pytest.fixture
def unit():
    return ReferralUnitFactory()


@pytest.fixture
def officer(client, unit):
    user = member(unit, Role.OFFICER)
    client.force_login(user)
    return user


class TestOfficer:
    def test_begins_with_a_new_case(self, client, officer):
        assert 'href="/cases/new/"' in client.get("/").content.decode()

    def test_sees_their_own_drafts_and_not_those_of_colleagues(self, client, unit, officer):
        mine = ReferralFactory(sender=unit, created_by=officer)
        other = ReferralFactory(sender=unit)
        text = text_of(client.get("/"))
        assert mine.reference in text and other.reference not in text

    def test_reads_why_something_came_back(self, client, unit, officer):
        referral = ReferralFactory(sender=unit, created_by=officer)
        said(referral, Verb.REFERRAL_RETURNED, "Spell the name right.")
        text = text_of(client.get("/"))
        assert "Spell the name right." in panel(client.get("/"), "Returned to you")
        assert text.count(referral.reference) == 1

    def test_reads_the_question_that_stops_the_clock(self, client, unit, officer):
        referral = ReferralFactory(sender=unit, state=State.INFO_REQUESTED)
        said(referral, Verb.INFORMATION_REQUESTED, "Which minute?")
        assert "Which minute?" in panel(client.get("/"), "Questions from platforms")

    def test_sees_what_is_overdue_and_by_how_much(self, client, unit, officer):
        now = timezone.now()
        ReferralFactory(sender=unit, state=State.RECEIVED, received_at=now, due_at=now - timedelta(hours=3))
        assert "overdue by 3 h" in panel(client.get("/"), "Overdue 1")

    def test_sees_fresh_answers_only(self, client, unit, officer):
        now = timezone.now()
        fresh = ReferralFactory(sender=unit, state=State.ANSWERED, answered_at=now - timedelta(days=1))
        stale = ReferralFactory(sender=unit, state=State.ANSWERED, answered_at=now - timedelta(days=8))
        text = text_of(client.get("/"))
        assert fresh.reference in text and stale.reference not in text

    def test_sees_nothing_of_another_unit(self, client, officer):
        referral = ReferralFactory(state=State.INFO_REQUESTED)
        assert referral.reference not in text_of(client.get("/"))

    def test_an_empty_desk_is_calm(self, client, officer):
        text = text_of(client.get("/"))
        assert "No answer is overdue." in text and "You have no drafts." in text
        assert "Waiting for your approval" not in text


class TestReviewer:
    def test_approves_what_others_wrote(self, client, unit):
        reviewer = member(unit, Role.REVIEWER)
        client.force_login(reviewer)
        others = ReferralFactory(sender=unit, state=State.IN_REVIEW, submitted_by=UserFactory())
        own = ReferralFactory(sender=unit, state=State.IN_REVIEW, created_by=reviewer, submitted_by=UserFactory())
        submitted = ReferralFactory(sender=unit, state=State.IN_REVIEW, submitted_by=reviewer)
        text = text_of(client.get("/"))
        assert others.reference in text
        assert own.reference not in text and submitted.reference not in text

    def test_something_nobody_submitted_by_name_is_not_lost(self, client, unit):
        client.force_login(member(unit, Role.REVIEWER))
        referral = ReferralFactory(sender=unit, state=State.IN_REVIEW, submitted_by=None)
        assert referral.reference in text_of(client.get("/"))


class TestPlatform:
    @pytest.fixture
    def platform(self, client):
        platform = PlatformFactory()
        client.force_login(member(platform, Role.CONTACT_POINT))
        return platform

    def test_sees_what_is_due_next_first(self, client, platform):
        now = timezone.now()
        later = ReferralFactory(recipient=platform, state=State.ACKNOWLEDGED, due_at=now + timedelta(hours=30))
        sooner = ReferralFactory(recipient=platform, state=State.ACKNOWLEDGED, due_at=now + timedelta(hours=2))
        text = text_of(client.get("/"))
        assert text.index(sooner.reference) < text.index(later.reference)

    def test_sees_new_ones_and_no_drafts(self, client, platform):
        new = ReferralFactory(recipient=platform, state=State.SENT)
        draft = ReferralFactory(recipient=platform)
        text = text_of(client.get("/"))
        assert new.reference in text and draft.reference not in text

    def test_reads_the_reply_to_its_question(self, client, platform):
        referral = ReferralFactory(recipient=platform, state=State.ACKNOWLEDGED)
        said(referral, Verb.INFORMATION_PROVIDED, "From 1:04 on.")
        assert "From 1:04 on." in panel(client.get("/"), "Replies to your questions")

    def test_files_nothing(self, client, platform):
        assert "/cases/new/" not in client.get("/").content.decode()


class TestOthers:
    def test_the_commission_is_led_to_its_figures(self, client):
        client.force_login(member(CommissionFactory(), Role.ANALYST))
        ReferralFactory(state=State.SENT)
        response = client.get("/")
        assert 'href="/monitoring/"' in response.content.decode()
        assert "R-TEST" not in text_of(response)

    def test_the_commission_sees_the_key_figures_at_once(self, client):
        client.force_login(member(CommissionFactory(), Role.ANALYST))
        ReferralFactory(state=State.SENT, filed_at=timezone.now())
        assert "Response rate" not in text_of(client.get("/"))
        statistics.compile_figures(at=timezone.now())
        assert "Response rate" in text_of(client.get("/"))

    def test_somebody_without_an_organisation_learns_what_to_do(self, client):
        client.force_login(UserFactory())
        response = client.get("/")
        assert response.status_code == 403 and "You belong to no organisation yet" in text_of(response)


class TestCost:
    @pytest.mark.parametrize("count", [6, 60])
    def test_asks_the_same_for_few_and_many(self, client, unit, officer, count, django_assert_num_queries):
        for state in (State.DRAFT, State.INFO_REQUESTED, State.RECEIVED):
            ReferralFactory.create_batch(count, sender=unit, state=state, created_by=officer)
        client.get("/")
        with django_assert_num_queries(QUERIES):
            client.get("/")

    def test_counts_no_further_than_matters(self, client, unit, officer, monkeypatch):
        monkeypatch.setattr("apps.portal.presenters.desk.COUNTED", 6)
        ReferralFactory.create_batch(8, sender=unit, state=State.INFO_REQUESTED)
        assert "6+" in text_of(client.get("/"))


QUERIES = 22

""" "We know, by Friday": the next rung waits, no other does, and the law never."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.accounts.roles import Role
from apps.deadlines import services
from apps.deadlines.models import Announcement, Chase
from apps.referrals import clocks
from apps.referrals.models import Event, Obligation
from apps.referrals.transitions import State
from tests.factories import PlatformFactory, ReferralFactory, principal_for

STARTED = datetime(2026, 3, 2, 11, tzinfo=UTC)
DUE = STARTED + timedelta(days=1)
HOUR = timedelta(hours=1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def platform():
    return PlatformFactory(time_zone="UTC")


@pytest.fixture
def by(platform):
    return principal_for(platform, Role.CONTACT_POINT)


@pytest.fixture
def referral(platform):
    referral = ReferralFactory(recipient=platform, state=State.RECEIVED)
    Obligation.objects.filter(referral=referral).update(chase_at=STARTED, escalate_at=STARTED)
    return referral


def announce(referral, by, acting, until=DUE + 3 * HOUR, at=NOON, text=""):
    with acting(by):
        return services.announce(referral, until=until, text=text, by=by, at=at)


def taken():
    return list(Chase.objects.order_by("pk").values_list("rung", flat=True))


def test_the_next_rung_waits_and_the_others_keep_their_time(referral, by, acting):
    services.chase(at=NOON)
    announce(referral, by, acting, text="  Our lawyers look at it.  ")
    services.chase(at=DUE)
    assert taken() == ["due"], "the reminder before the due time waits"
    services.chase(at=DUE + 3 * HOUR)
    assert taken() == ["due", "before"]
    services.chase(at=DUE + 6 * HOUR)
    assert taken() == ["due", "before", "late"]


def test_the_one_that_is_due_and_not_taken_yet_waits_too(referral, by, acting):
    announce(referral, by, acting, at=DUE - HOUR)
    services.chase(at=DUE - HOUR)
    assert taken() == []


def test_what_is_said_later_counts(referral, by, acting):
    announce(referral, by, acting, until=DUE + HOUR)
    announce(referral, by, acting, until=DUE - 2 * HOUR)
    services.chase(at=DUE - 2 * HOUR)
    assert taken() == ["before"]


def test_both_sides_read_it(referral, by, acting):
    announce(referral, by, acting, text="On Friday.")
    event = Event.objects.get(verb="referral.answer_announced")
    assert event.disclosed and event.text == "On Friday."
    assert event.data == {"until": (DUE + 3 * HOUR).isoformat()}
    said = Announcement.objects.get()
    assert (said.rung, said.round, said.by_id) == ("before", 0, by.user_id)


@pytest.mark.parametrize("until", [NOON, NOON - HOUR, NOON + timedelta(days=14, seconds=1)])
def test_the_past_and_the_far_future_are_refused(referral, by, acting, until):
    with pytest.raises(services.AnnouncementOutOfReach):
        announce(referral, by, acting, until=until)
    assert not Announcement.objects.exists()


def test_the_law_does_not_wait(referral, by, acting):
    Obligation.objects.update(statutory=True)
    with pytest.raises(services.LawDoesNotWait):
        announce(referral, by, acting)
    assert not Event.objects.filter(verb="referral.answer_announced").exists()


def test_where_no_clock_runs_there_is_nothing_to_hold(referral, by, acting):
    clocks.stop([referral.pk], at=NOON)
    with pytest.raises(services.NothingToHold):
        announce(referral, by, acting)


def test_where_the_ladder_has_ended_there_is_nothing_to_hold(referral, by, acting):
    services.chase(at=DUE + timedelta(days=30))
    with pytest.raises(services.NothingToHold):
        announce(referral, by, acting, until=DUE + timedelta(days=31), at=DUE + timedelta(days=30))


def test_a_new_round_knows_nothing_of_it(referral, by, acting):
    announce(referral, by, acting)
    clocks.stop([referral.pk], at=NOON)
    clocks.go_on([referral.pk], at=NOON + HOUR)
    due_at = Obligation.objects.get().due_at
    services.chase(at=due_at - 4 * HOUR)
    assert taken() == ["before"]


class TestASet:
    def test_has_a_result_each(self, referral, by, acting, platform):
        law, strange = ReferralFactory(recipient=platform, state=State.RECEIVED), ReferralFactory(state=State.RECEIVED)
        Obligation.objects.filter(referral=law).update(statutory=True)
        references = [referral.reference, law.reference, strange.reference]
        with acting(by):
            results = services.announce_set(references, until=DUE, by=by, at=NOON)
        assert [results[one].code for one in references] == ["", "law_does_not_wait", "not_found"]
        assert Announcement.objects.get().obligation.referral_id == referral.pk

    @pytest.mark.parametrize("count", [1, 8])
    def test_costs_the_same_number_of_queries(self, by, acting, platform, count, django_assert_num_queries):
        rows = ReferralFactory.create_batch(count, recipient=platform, state=State.RECEIVED)
        with acting(by), django_assert_num_queries(8):
            services.announce_set([row.reference for row in rows], until=DUE, by=by, at=NOON)

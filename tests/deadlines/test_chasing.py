from datetime import timedelta

from apps.deadlines import services
from apps.deadlines.models import Chase
from apps.delivery.models import Delivery
from apps.referrals.models import Event, Obligation
from apps.referrals.transitions import State
from apps.tenancy.context import acting_as, system
from tests.factories import ReferralFactory

# The factory's referrals are due 24 hours after their receipt.


def chase(at):
    with acting_as(system("chase")):
        return services.chase_overdue(at=at)


def due_of(referral):
    return Obligation.objects.get(referral=referral).due_at


def test_an_overdue_referral_is_chased_once(commit):
    referral = ReferralFactory(state=State.RECEIVED, items=2)
    late = due_of(referral) + timedelta(seconds=1)

    assert chase(late) == 1
    assert chase(late + timedelta(days=30)) == 0

    assert Chase.objects.count() == 1
    assert set(Delivery.objects.values_list("channel", "message", "recipient")) == {
        ("portal", "referral_overdue", referral.recipient_id),
        ("push", "referral_overdue", referral.recipient_id),
    }
    assert Event.objects.get(verb="referral.chased").disclosed


def test_the_due_time_itself_is_within():
    referral = ReferralFactory(state=State.RECEIVED)

    assert chase(due_of(referral)) == 0


def test_nobody_is_chased_for_what_is_answered_withdrawn_or_asked():
    late = due_of(ReferralFactory(state=State.ANSWERED)) + timedelta(days=9)
    Obligation.objects.filter(referral=ReferralFactory(state=State.RECEIVED)).update(ended_at=late)
    Obligation.objects.filter(referral=ReferralFactory(state=State.INFO_REQUESTED)).update(paused_since=late)

    assert chase(late) == 0


def test_the_longest_overdue_come_first(monkeypatch):
    from apps.deadlines.services import chasing

    monkeypatch.setattr(chasing, "BATCH", 2)
    referrals = ReferralFactory.create_batch(3, state=State.RECEIVED)
    for days, referral in enumerate(referrals):
        Obligation.objects.filter(referral=referral).update(due_at=due_of(referral) - timedelta(hours=days))
    late = due_of(referrals[0]) + timedelta(days=1)

    assert chase(late) == 2
    assert set(Chase.objects.values_list("obligation__referral__reference", flat=True)) == {
        referrals[1].reference,
        referrals[2].reference,
    }
    assert chase(late) == 1

from datetime import timedelta

import pytest

from apps.accounts.roles import Role
from apps.delivery.models import Delivery
from apps.referrals import services
from apps.referrals.clocks import start_clocks
from apps.referrals.models import Event, Item, Obligation, Referral
from apps.referrals.transitions import State
from apps.tenancy.context import acting_as, system
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, principal_for
from tests.factories.referrals import MONDAY


def delivery(referral, **fields):
    return Delivery.objects.create(
        **{
            "sender": referral.sender,
            "recipient": referral.recipient,
            "key": f"{referral.reference}:sent:{fields.get('channel', 'portal')}",
            "channel": "portal",
            "message": "referral_sent",
            "about": referral.reference,
            "state": "delivered",
            "next_at": MONDAY,
            "created_at": MONDAY,
            "received_at": MONDAY,
            "proof": {"channel": "portal"},
            **fields,
        }
    )


def sweep():
    with acting_as(system("start clocks")):
        return start_clocks()


class TestStartClocks:
    def test_starts_at_the_receipt_not_at_the_sweep(self):
        referral = ReferralFactory(state=State.SENT, urgency="hour", items=2)
        delivery(referral, received_at=MONDAY + timedelta(minutes=7))
        delivery(referral, channel="email", received_at=MONDAY + timedelta(minutes=9))

        assert sweep() == 1

        referral.refresh_from_db()
        obligation = Obligation.objects.get()
        assert obligation.started_at == referral.received_at == MONDAY + timedelta(minutes=7)
        assert obligation.due_at == referral.due_at == MONDAY + timedelta(minutes=67)
        assert set(Item.objects.values_list("due_at", flat=True)) == {referral.due_at}
        assert Event.objects.get().verb == "referral.received"

    def test_once(self):
        delivery(ReferralFactory(state=State.SENT))

        assert (sweep(), sweep()) == (1, 0)

        assert Obligation.objects.count() == 1

    def test_only_on_proof(self):
        delivery(ReferralFactory(state=State.SENT), received_at=None, proof=None, state="sent")

        assert sweep() == 0
        assert Referral.objects.get().due_at is None


class TestQuestions:
    @pytest.fixture
    def unit(self):
        return ReferralUnitFactory()

    @pytest.fixture
    def platform(self):
        return PlatformFactory()

    def test_stop_the_clock_until_the_reply(self, unit, platform):
        officer, contact = principal_for(unit, Role.OFFICER), principal_for(platform, Role.CONTACT_POINT)
        referral = ReferralFactory(sender=unit, recipient=platform, state=State.RECEIVED)
        due = referral.due_at

        with acting_as(contact):
            services.request_information(referral, text="Which post?", by=contact, at=MONDAY + timedelta(hours=3))
        referral.refresh_from_db()
        assert (referral.state, referral.due_at) == (State.INFO_REQUESTED, None)
        assert Item.objects.get().due_at is None

        with acting_as(officer):
            services.provide_information(referral, text="The second.", by=officer, at=MONDAY + timedelta(hours=10))
        referral.refresh_from_db()
        obligation = Obligation.objects.get()
        assert (referral.state, referral.due_at) == (State.ACKNOWLEDGED, due + timedelta(hours=7))
        assert (obligation.due_at, obligation.paused_seconds) == (due + timedelta(hours=7), 7 * 3600)
        assert Item.objects.get().due_at == referral.due_at

    def test_are_read_by_both_sides_and_told_to_the_other(self, unit, platform):
        contact = principal_for(platform, Role.CONTACT_POINT)
        referral = ReferralFactory(sender=unit, recipient=platform, state=State.SENT)

        with acting_as(contact):
            services.request_information(referral, text="Which post?", by=contact, at=MONDAY)

        assert Event.objects.get(verb="referral.information_requested").disclosed
        assert set(Delivery.objects.values_list("recipient", flat=True)) == {unit.pk}

    def test_need_words(self, unit, platform):
        contact = principal_for(platform, Role.CONTACT_POINT)
        referral = ReferralFactory(sender=unit, recipient=platform, state=State.RECEIVED)
        with acting_as(contact), pytest.raises(services.TextRequired):
            services.request_information(referral, text="", by=contact, at=MONDAY)

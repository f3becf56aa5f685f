"""Which way a message goes, what happens when it cannot, and what is written down of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.roles import Role
from apps.delivery import services
from apps.delivery.channels import Fate
from apps.delivery.models import Attempt, Channel, Delivery, DeliveryState, Message, Route
from apps.delivery.services import Outgoing, enqueue, settling
from apps.delivery.services.settling import WAITS
from apps.tenancy.context import acting_as
from tests.factories import PlatformFactory, ReferralUnitFactory, member, principal_for, token_for

NOW = timezone.now()


@pytest.fixture
def unit():
    return ReferralUnitFactory.create(name="Northern Unit")


@pytest.fixture
def platform():
    return PlatformFactory.create(slug="streamhub")


def write(sender, recipient, number=1):
    key = f"R-{number}:sent"
    message = Outgoing(
        key=key, message=Message.REFERRAL_SENT, about=f"R-{number}", sender_id=sender.pk, recipient_id=recipient.pk
    )
    enqueue([message], at=NOW)
    inbox, pushed = Delivery.objects.filter(key__startswith=key).order_by("pk")
    return inbox, pushed


def deliver(*rows, after=timedelta()):
    services.deliver_pending(at=NOW + after)
    for row in rows:
        row.refresh_from_db()


def prefer(organisation, *channels):
    Route.objects.create(organisation=organisation, channels=list(channels), changed_at=NOW)


class TestInbox:
    def test_is_a_receipt_where_somebody_can_open_it(self, unit, platform):
        member(platform, Role.CONTACT_POINT)
        inbox, _pushed = write(unit, platform)
        deliver(inbox)
        assert (inbox.state, inbox.received_at) == (DeliveryState.DELIVERED, NOW)

    def test_is_none_where_nobody_can(self, unit, platform):
        inbox, _pushed = write(unit, platform)
        deliver(inbox)
        assert (inbox.state, inbox.received_at) == (DeliveryState.SENT, None)


class TestRoute:
    def test_goes_by_e_mail_to_who_has_said_nothing(self, unit, platform):
        member(platform, Role.CONTACT_POINT)
        _inbox, pushed = write(unit, platform)
        services.route_pending(at=NOW)
        pushed.refresh_from_db()
        assert (pushed.channel, pushed.route) == (Channel.EMAIL, [Channel.EMAIL])

    def test_goes_by_the_recipient_s_own_order_as_far_as_it_can_be_reached(self, unit, platform):
        prefer(platform, Channel.WEBHOOK, Channel.API, Channel.EMAIL)
        assert services.ways_of([platform.pk]) == {platform.pk: [Channel.EMAIL]}
        token_for(platform, Role.CONTACT_POINT)
        assert services.ways_of([platform.pk]) == {platform.pk: [Channel.API, Channel.EMAIL]}

    def test_waits_to_be_fetched_and_is_received_when_it_is_read(self, unit, platform):
        prefer(platform, Channel.API)
        token_for(platform, Role.CONTACT_POINT)
        _inbox, pushed = write(unit, platform)
        deliver(pushed)
        assert (pushed.channel, pushed.state, pushed.received_at) == (Channel.API, DeliveryState.SENT, None)
        reader, later = principal_for(platform, Role.CONTACT_POINT), NOW + timedelta(minutes=3)
        with acting_as(reader):
            assert services.note_read(["R-1"], through="api", by=reader, at=later) == 2
            assert services.note_read(["R-1"], through="api", by=reader, at=later + timedelta(hours=1)) == 0
        pushed.refresh_from_db()
        assert (pushed.state, pushed.received_at, pushed.read_at) == (DeliveryState.READ, later, later)
        assert pushed.proof["channel"] == "api"

    def test_nobody_reads_another_s_messages(self, unit, platform):
        inbox, _pushed = write(unit, platform)
        deliver(inbox)
        stranger = principal_for(PlatformFactory.create(), Role.CONTACT_POINT)
        with acting_as(stranger):
            assert services.note_read(["R-1"], through="web", by=stranger, at=NOW) == 0


class TestFailure:
    def test_on_one_channel_goes_on_by_the_next(self, unit, platform):
        _inbox, pushed = write(unit, platform)
        deliver(pushed)
        Delivery.objects.filter(pk=pushed.pk).update(route=["email", "api"], state="sent", channel="email")
        pushed.refresh_from_db()
        services.settle_later(pushed, Fate(DeliveryState.BOUNCED, code="5.1.1", detail="No such mailbox."), at=NOW)
        pushed.refresh_from_db()
        assert (pushed.state, pushed.channel, pushed.attempts) == (DeliveryState.QUEUED, Channel.API, 0)
        assert Attempt.objects.filter(delivery=pushed).latest("pk").code == "5.1.1"

    def test_on_the_last_channel_is_a_dead_letter_which_can_be_replayed_once(self, unit, platform):
        platform.contact_points.all().delete()
        _inbox, pushed = write(unit, platform)
        deliver(pushed)
        assert pushed.state == DeliveryState.DEAD
        officer = principal_for(unit, Role.OFFICER)
        with acting_as(officer):
            assert services.replay(Delivery.objects.all(), by=officer, at=NOW) == 1
            assert services.replay(Delivery.objects.all(), by=officer, at=NOW) == 0
        pushed.refresh_from_db()
        assert (pushed.state, pushed.channel, pushed.attempts) == (DeliveryState.QUEUED, Channel.PUSH, 0)

    def test_for_now_waits_longer_each_time_and_as_long_as_it_was_asked_to(self, unit, platform):
        _inbox, pushed = write(unit, platform)
        waits = []
        for attempt in (1, 3, 6):
            pushed.attempts = attempt
            following = settling.after(pushed, Fate(DeliveryState.DEFERRED), at=NOW)
            waits.append((following.next_at - NOW).total_seconds())
        assert WAITS[0] <= waits[0] <= 1.1 * WAITS[0] and waits == sorted(waits)
        asked = settling.after(pushed, Fate(DeliveryState.DEFERRED, retry_after=120), at=NOW)
        assert timedelta(seconds=120) <= asked.next_at - NOW <= timedelta(seconds=132)

    def test_goes_on_for_seven_days(self):
        assert sum(WAITS) >= timedelta(days=7).total_seconds()

    def test_of_a_try_that_was_none_counts_for_nothing(self, unit, platform):
        _inbox, pushed = write(unit, platform)
        Delivery.objects.filter(pk=pushed.pk).update(state="sending", channel="email", attempts=1, tries=1)
        pushed.refresh_from_db()
        settling.settle([(pushed, Fate(DeliveryState.QUEUED, retry_after=30))], at=NOW)
        pushed.refresh_from_db()
        assert (pushed.state, pushed.attempts, pushed.tries) == (DeliveryState.QUEUED, 0, 0)
        assert not Attempt.objects.filter(delivery=pushed).exists()


class TestLater:
    def test_a_receipt_that_comes_afterwards_is_the_receipt(self, unit, platform):
        _inbox, pushed = write(unit, platform)
        deliver(pushed)
        Delivery.objects.filter(pk=pushed.pk).update(state="sent")
        came = NOW + timedelta(minutes=5)
        services.settle_later(pushed, Fate(DeliveryState.DELIVERED, proof={"dsn": "2.0.0"}, ended_at=came), at=came)
        pushed.refresh_from_db()
        assert (pushed.state, pushed.received_at, pushed.proof) == (DeliveryState.DELIVERED, came, {"dsn": "2.0.0"})

    def test_a_delay_is_noted_and_sends_nothing_again(self, unit, platform, postman):
        prefer(platform, Channel.EMAIL)
        _inbox, pushed = write(unit, platform)
        deliver(pushed)
        assert (pushed.state, pushed.channel, len(postman.letters)) == (DeliveryState.SENT, Channel.EMAIL, 1)
        services.settle_later(pushed, Fate(DeliveryState.DEFERRED, code="4.4.1", detail="Still trying."), at=NOW)
        services.deliver_pending(at=NOW + timedelta(days=8))
        pushed.refresh_from_db()
        assert (pushed.state, pushed.tries, len(postman.letters)) == (DeliveryState.SENT, 1, 1)
        tried = Attempt.objects.filter(delivery=pushed).order_by("pk").values_list("state", "code")
        assert list(tried)[-1] == (DeliveryState.DEFERRED, "4.4.1")

    def test_a_bounce_after_a_receipt_changes_nothing(self, unit, platform):
        member(platform, Role.CONTACT_POINT)
        inbox, _pushed = write(unit, platform)
        deliver(inbox)
        services.settle_later(inbox, Fate(DeliveryState.BOUNCED), at=NOW)
        inbox.refresh_from_db()
        assert inbox.state == DeliveryState.DELIVERED

    def test_a_lease_that_ran_out_leaves_the_other_worker_s_result(self, unit, platform):
        inbox, _pushed = write(unit, platform)
        deliver(inbox)
        settling.settle([(inbox, Fate(DeliveryState.FAILED))], at=NOW)
        inbox.refresh_from_db()
        assert inbox.state == DeliveryState.SENT


class TestAttempts:
    def test_are_kept_with_number_time_and_answer(self, unit, platform, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        Route.objects.create(organisation=platform, channels=[Channel.EMAIL], changed_at=NOW)
        _inbox, pushed = write(unit, platform)
        deliver(pushed)
        deliver(pushed, after=timedelta(hours=1))
        tries = list(Attempt.objects.filter(delivery=pushed).order_by("pk"))
        assert [(one.number, one.channel, one.state) for one in tries] == [
            (1, Channel.EMAIL, DeliveryState.DEFERRED),
            (2, Channel.EMAIL, DeliveryState.DEFERRED),
        ]
        assert all(one.detail for one in tries) and pushed.tries == 2

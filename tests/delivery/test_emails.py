"""Mails as a mail server sees them: a real one on the loopback, that accepts, refuses or is not there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.delivery import services, words
from apps.delivery.mail.composing import compose
from apps.delivery.models import Channel, Delivery, DeliveryState, Message, Route
from apps.delivery.services import Outgoing, enqueue
from apps.referrals.instruments import FILEABLE, Instrument
from tests.factories import PlatformFactory, ReferralUnitFactory
from tests.factories.organisations import ContactPointFactory

NOW = timezone.now()
FACTS = {
    "from": "Northern Unit",
    "instrument": "referral",
    "items": 12,
    "urgency": "day",
    "due_at": "2026-03-02T09:30:00+00:00",
}
REMINDED = {
    "count": 1,
    "overdue_count": 0,
    "referrals": [
        {
            **{"reference": "R-TEST-0001", "from": "Northern Unit", "platform": "StreamHub", "instrument": "referral"},
            **{"urgency": "day", "items": 12, "due_at": FACTS["due_at"], "rung": "due"},
            **{"is_overdue": False, "is_statutory": False},
        }
    ],
}


@pytest.fixture
def unit():
    return ReferralUnitFactory(name="Northern Unit")


@pytest.fixture
def platform():
    platform = PlatformFactory(slug="streamhub", name="StreamHub", languages=["en"], time_zone="Europe/Dublin")
    return by_email(platform)


def by_email(platform):
    """Somebody with an account: nobody there, and the mail would bring a link."""
    Route.objects.create(organisation=platform, channels=[Channel.EMAIL], changed_at=NOW)
    return platform


ADDRESS = "contact@streamhub.example"


def write(sender, recipient, *, message=Message.REFERRAL_SENT, number=1, **facts):
    outgoing = Outgoing(
        key=f"R-{number}:{message}",
        message=message,
        about=f"R-TEST-{number:04}",
        sender_id=sender.pk,
        recipient_id=recipient.pk,
        facts={**FACTS, **facts},
    )
    enqueue([outgoing], at=NOW)
    return Delivery.objects.select_related("sender", "recipient").get(key=f"{outgoing.key}:{Channel.PUSH}")


def deliver(delivery, *, after=timedelta()):
    services.deliver_pending(at=NOW + after)
    delivery.refresh_from_db()
    return delivery


class TestSending:
    def test_arrives_and_is_marked_as_sent(self, postman, unit, platform):
        delivery = deliver(write(unit, platform))
        ((to, letter),) = postman.letters
        assert to == [ADDRESS] and letter["Auto-Submitted"] == "auto-generated"
        assert delivery.state == DeliveryState.SENT and delivery.proof["message_id"] == letter["Message-ID"]

    def test_goes_to_every_contact_point_for_authorities(self, postman, unit, platform):
        ContactPointFactory(organisation=platform, email="night@streamhub.example")
        deliver(write(unit, platform))
        assert postman.letters[0][0] == [ADDRESS, "night@streamhub.example"]

    def test_uses_one_connection_for_many(self, postman, unit, platform):
        for number in range(1, 8):
            write(unit, platform, number=number)
        services.deliver_pending(at=NOW)
        assert len(postman.letters) == 7 and len(postman.connections) == 1
        assert len({letter["Message-ID"] for _, letter in postman.letters}) == 7

    def test_a_second_sweep_sends_nothing_again(self, postman, unit, platform):
        delivery = deliver(write(unit, platform))
        deliver(delivery, after=timedelta(hours=1))
        assert len(postman.letters) == 1


class TestRefusal:
    @pytest.mark.parametrize("stage", ["recipient", "data"])
    def test_for_good_is_a_dead_letter(self, postman, unit, platform, stage):
        if stage == "recipient":
            postman.to_recipient[ADDRESS] = "550 no such mailbox"
        else:
            postman.to_data = "554 not wanted"
        delivery = deliver(write(unit, platform))
        assert delivery.state == DeliveryState.DEAD and delivery.last_error
        assert not postman.letters

    @pytest.mark.parametrize("stage", ["recipient", "data"])
    def test_for_now_is_tried_again_with_the_same_message_id(self, postman, unit, platform, stage):
        if stage == "recipient":
            postman.to_recipient[ADDRESS] = "450 greylisted"
        else:
            postman.to_data = "451 come back later"
        delivery = deliver(write(unit, platform))
        assert delivery.state == DeliveryState.DEFERRED and delivery.attempts == 1 and delivery.next_at > NOW
        first = compose(delivery, to=[ADDRESS]).extra_headers["Message-ID"]
        postman.to_recipient, postman.to_data = {}, "250 OK"
        deliver(delivery, after=timedelta(hours=1))
        assert delivery.state == DeliveryState.SENT and postman.letters[0][1]["Message-ID"] == first

    def test_of_one_does_not_hold_up_the_others(self, postman, unit, platform):
        other = by_email(PlatformFactory(slug="pastepad"))
        postman.to_recipient[ADDRESS] = "550 no such mailbox"
        refused, sent = write(unit, platform), write(unit, other, number=2)
        services.deliver_pending(at=NOW)
        refused.refresh_from_db()
        sent.refresh_from_db()
        assert (refused.state, sent.state) == (DeliveryState.DEAD, DeliveryState.SENT)

    def test_gives_up_after_a_week(self, postman, unit, platform):
        postman.to_data = "451 come back later"
        delivery, tries = write(unit, platform), 0
        while delivery.state != DeliveryState.DEAD:
            tries += 1
            services.deliver_pending(at=max(delivery.next_at, NOW))
            delivery.refresh_from_db()
            assert tries < 40
        assert delivery.next_at - NOW > timedelta(days=7)


class TestNoServer:
    def test_is_tried_again(self, postman, unit, platform, settings):
        settings.EMAIL_PORT = 1
        delivery = deliver(write(unit, platform))
        assert delivery.state == DeliveryState.DEFERRED and "ConnectionRefusedError" in delivery.last_error

    def test_nobody_to_write_to_is_a_dead_letter(self, postman, unit, platform):
        platform.contact_points.all().delete()
        assert deliver(write(unit, platform)).state == DeliveryState.DEAD


class TestWords:
    @pytest.mark.parametrize("message", Message)
    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_every_message_has_a_whole_mail(self, unit, platform, message, language):
        platform.languages = [language]
        platform.save()
        facts = REMINDED if message is Message.REMINDER_SENT else {}
        mail = compose(write(unit, platform, message=message, **facts), to=[ADDRESS])
        html = mail.alternatives[0].content
        for body in (mail.body, html):
            assert "http://portal.example/referrals/R-TEST-0001/" in body
            assert "Northern Unit" in body and "R-TEST-0001" in body
            assert "{{" not in body and "{%" not in body
        assert f'<html lang="{language}"' in html
        assert mail.subject and "\n" not in mail.subject and len(mail.subject) < 120

    def test_says_that_a_referral_is_not_an_order(self, unit, platform):
        mail = compose(write(unit, platform), to=[ADDRESS])
        assert "not an order" in mail.body and "not an order" in mail.alternatives[0].content
        assert "within 24 hours of the receipt" in mail.body

    @pytest.mark.parametrize("instrument", FILEABLE)
    def test_knows_every_instrument_that_can_be_filed(self, instrument):
        assert words.INSTRUMENTS[instrument] == Instrument(instrument).label
        assert words.EFFECTS[instrument]

    def test_says_when_it_was_due_with_the_readers_zone(self, unit, platform):
        mail = compose(write(unit, platform, message=Message.REFERRAL_OVERDUE), to=[ADDRESS])
        assert "2 Mar 2026, 09:30 GMT" in mail.body
        platform.time_zone = "Europe/Helsinki"
        assert "11:30 EET" in compose(refreshed(platform), to=[ADDRESS]).body

    def test_counts_one_address_as_one(self, unit, platform):
        mail = compose(write(unit, platform, items=1), to=[ADDRESS])
        assert "1 address:" in mail.subject and "1 addresses" not in mail.body

    def test_shows_markup_in_a_name_as_text(self, unit, platform):
        mail = compose(write(unit, platform, **{"from": "<b>Unit</b> & sons"}), to=[ADDRESS])
        assert "<b>Unit" not in mail.alternatives[0].content
        assert "<b>Unit</b> & sons" in mail.body


class TestHeaders:
    def test_a_name_cannot_add_one(self, postman, unit, platform):
        deliver(write(unit, platform, **{"from": "Unit\r\nBcc: victim@people.example\r\n\r\nevil body"}))
        ((to, letter),) = postman.letters
        assert to == [ADDRESS] and "Bcc" not in letter
        assert letter["Subject"].startswith("Unit Bcc: victim@people.example")


def refreshed(platform):
    platform.save()
    return Delivery.objects.select_related("sender", "recipient").get(channel=Channel.PUSH)

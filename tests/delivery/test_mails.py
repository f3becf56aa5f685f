"""What a mail carries and what it keeps to itself: addresses, seals, a signature, a file for machines."""

import base64
import json
from datetime import timedelta

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.utils import timezone

from apps.delivery import services
from apps.delivery.mail import seals
from apps.delivery.mail.composing import AddressRefused, checked, one_line
from apps.delivery.mail.seals import Purpose, Sealed, Thing
from apps.delivery.models import Channel, ContactHealth, Delivery, DeliveryState, Link, Message, Route
from apps.delivery.services import Outgoing, enqueue
from apps.organisations.models import ContactPoint
from apps.referrals.transitions import State
from tests.factories import PlatformFactory, ReferralFactory, UserFactory
from tests.factories.organisations import ContactPointFactory

NOW = timezone.now()
DOMAIN = "mail.portal.example"


@pytest.fixture(autouse=True)
def mail_comes_in(settings):
    settings.INBOUND_MAIL_DOMAIN = DOMAIN


@pytest.fixture
def platform():
    return PlatformFactory.create(slug="pinboard", name="Pinboard")


def prefer(platform, *channels):
    Route.objects.create(organisation=platform, channels=list(channels), changed_at=NOW)


def send(platform, *, message=Message.REFERRAL_SENT, items=2, **facts):
    referral = ReferralFactory.create(recipient=platform, state=State.SENT, items=items, **facts)
    outgoing = Outgoing(
        key=f"{referral.reference}:{message}",
        message=message,
        about=referral.reference,
        sender_id=referral.sender_id,
        recipient_id=platform.pk,
        facts={"instrument": "referral", "items": items, "urgency": "day", "due_at": "2026-03-02T09:30:00+00:00"},
    )
    enqueue([outgoing], at=NOW)
    services.deliver_pending(at=NOW)
    return referral


def parts(letter):
    return {part.get_content_type(): part.get_content() for part in letter.walk() if not part.is_multipart()}


def everything(letter):
    return "\n".join(content if isinstance(content, str) else repr(content) for content in parts(letter).values())


class TestAddresses:
    @pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.EMAIL_LINK])
    def test_stand_defanged_in_every_part(self, postman, platform, channel):
        prefer(platform, channel)
        send(platform)
        content = parts(postman.letters[0][1])
        for kind in ("text/plain", "text/html", "application/json"):
            assert "hxxps://pinboard[.]example/watch" in str(content[kind])
        assert "https://pinboard.example" not in everything(postman.letters[0][1])

    @pytest.mark.parametrize("facts", [{"area": "csam"}, {"tlp": "red"}])
    @pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.EMAIL_LINK])
    def test_never_stand_in_a_mail_of_a_sensitive_matter(self, postman, platform, facts, channel):
        prefer(platform, channel)
        referral = send(platform, **facts)
        for _to, letter in postman.letters:
            said = everything(letter)
            assert "pinboard[.]example" not in said and "pinboard.example/watch" not in said
            assert referral.reasons not in said and "application/json" not in parts(letter)

    def test_of_a_long_list_are_in_the_file_alone(self, postman, platform):
        send(platform, items=60)
        content = parts(postman.letters[0][1])
        assert "and 10 more" in content["text/plain"] and len(file_of(content)["items"]) == 60


def file_of(content):
    raw = content["application/json"]
    return json.loads(raw)


class TestFile:
    def test_says_the_same_to_machines(self, postman, platform):
        referral = send(platform)
        data = file_of(parts(postman.letters[0][1]))
        assert (data["reference"], data["instrument"], data["message"]) == (
            referral.reference,
            "referral",
            "referral_sent",
        )
        assert {one["item"] for one in data["items"]} == set(referral.items.values_list("reference", flat=True))


class TestLink:
    def test_is_another_one_for_each_address(self, postman, platform):
        ContactPointFactory.create(organisation=platform, email="night@pinboard.example")
        send(platform)
        assert [to for to, _letter in postman.letters] == [["contact@pinboard.example"], ["night@pinboard.example"]]
        first, second = (everything(letter) for _to, letter in postman.letters)
        one, two = Link.objects.order_by("address")
        assert one.digest != two.digest and not set(links(first)) & set(links(second))

    def test_is_the_same_at_the_next_attempt(self, postman, platform):
        postman.to_data = "451 later"
        send(platform)
        postman.to_data = "250 OK"
        services.deliver_pending(at=NOW + timedelta(hours=1))
        assert Link.objects.count() == 1 and len(postman.letters) == 1

    def test_is_sent_while_one_of_two_addresses_refuses(self, postman, platform):
        ContactPointFactory.create(organisation=platform, email="gone@pinboard.example")
        postman.to_recipient["gone@pinboard.example"] = "550 no such user"
        send(platform)
        delivery = Delivery.objects.get(channel=Channel.EMAIL_LINK)
        assert delivery.state == DeliveryState.SENT and delivery.proof["to"] == ["contact@pinboard.example"]

    def test_is_not_made_for_somebody_who_sends(self, postman, platform):
        referral = ReferralFactory.create(recipient=platform, state=State.SENT, created_by=UserFactory.create())
        ContactPoint.objects.create(organisation=referral.sender, purpose="authorities", email="unit@unit.example")
        prefer(referral.sender, Channel.EMAIL_LINK)
        outgoing = Outgoing(
            key="x",
            message=Message.REFERRAL_ANSWERED,
            about=referral.reference,
            sender_id=platform.pk,
            recipient_id=referral.sender_id,
        )
        enqueue([outgoing], at=NOW)
        services.deliver_pending(at=NOW)
        assert postman.letters and not Link.objects.exists()


def links(text):
    return [word for word in text.split() if "/l/" in word]


class TestContacts:
    def test_that_failed_are_left_out_while_another_works(self, postman, platform):
        ContactPointFactory.create(organisation=platform, email="gone@pinboard.example")
        postman.to_recipient["gone@pinboard.example"] = "550 no such user"
        send(platform)
        send(platform)
        assert [to for to, _letter in postman.letters] == [["contact@pinboard.example"]] * 2
        asked = ContactHealth.objects.get(contact_point__email="gone@pinboard.example")
        assert asked.bounce_count == 1

    def test_that_all_failed_are_tried_again(self, postman, platform):
        postman.to_recipient["contact@pinboard.example"] = "550 no such user"
        send(platform)
        postman.to_recipient = {}
        send(platform)
        assert len(postman.letters) == 1


class TestEnvelope:
    def test_returns_to_a_sealed_address_and_takes_replies_at_another(self, postman, platform):
        send(platform)
        delivery = Delivery.objects.get(channel=Channel.EMAIL_LINK)
        assert seals.read_address(postman.senders[0]) == Sealed(Purpose.BOUNCE, Thing.DELIVERY, delivery.pk)
        reply_to = str(postman.letters[0][1]["Reply-To"])
        assert seals.read_address(reply_to) == Sealed(Purpose.REPLY, Thing.DELIVERY, delivery.pk)

    def test_is_plain_where_no_mail_comes_in(self, postman, platform, settings):
        settings.INBOUND_MAIL_DOMAIN = ""
        send(platform)
        letter = postman.letters[0][1]
        assert postman.senders == [settings.DEFAULT_FROM_EMAIL] and "Reply-To" not in letter
        assert "nobody reads replies" in everything(letter)

    def test_cannot_be_unsubscribed_from(self, postman, platform):
        send(platform)
        assert "List-Unsubscribe" not in postman.letters[0][1]

    @pytest.mark.parametrize("change", [("d", "p"), ("bounce", "reply"), ("+d1", "+d2")])
    def test_a_changed_seal_is_broken(self, change):
        address = seals.address_for(Purpose.BOUNCE, Thing.DELIVERY, 1)
        assert seals.read_address(address.upper()) and seals.read_address(address.replace(*change, 1)) is None


class TestSecondHeader:
    @pytest.mark.parametrize(
        "address",
        [
            "a@b.example\r\nBcc: victim@people.example",
            "a@b.example\nSubject: x",
            "a@b.example, victim@people.example",
            "a b@c.example",
            "a@b.example\x00",
            "",
        ],
    )
    def test_is_refused_in_an_address(self, address):
        with pytest.raises(AddressRefused):
            checked(address)

    def test_of_a_contact_point_ends_as_a_dead_letter(self, postman, platform):
        platform.contact_points.update(email="a@b.example\r\nBcc: victim@people.example")
        send(platform)
        delivery = Delivery.objects.exclude(channel=Channel.PORTAL).get()
        assert delivery.state == DeliveryState.DEAD and "not an e-mail address" in delivery.last_error
        assert not postman.letters

    @pytest.mark.parametrize("breaker", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\x00"])
    def test_is_none_in_a_name(self, breaker):
        assert one_line(f"Unit{breaker}Bcc: x@y.example") == "Unit Bcc: x@y.example"


class TestSignature:
    @pytest.fixture
    def key(self, tmp_path, settings):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        path = tmp_path / "dkim.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        settings.DKIM_KEY_FILE, settings.DKIM_SELECTOR, settings.DKIM_DOMAIN = str(path), "s1", "portal.example"
        return key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def test_is_one_that_a_mail_server_verifies(self, postman, platform, key):
        record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(key)
        send(platform)
        raw = postman.raw[0]
        asked = []

        def dnsfunc(name, **_):
            asked.append(name)
            return record

        assert dkim.verify(raw, dnsfunc=dnsfunc) and asked == [b"s1._domainkey.portal.example."]
        assert not dkim.verify(raw.replace(b"Subject: ", b"Subject: Not ", 1), dnsfunc=dnsfunc)

    def test_is_left_to_the_mail_server_without_a_key(self, postman, platform):
        send(platform)
        assert "DKIM-Signature" not in postman.letters[0][1]

"""Mail that comes in: through the pipe, by SMTP and by LMTP; what it says becomes the state of a message."""

import asyncio
import email.message
import email.policy
import smtplib
import sys
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO, TextIOWrapper
from threading import Thread

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.delivery import services
from apps.delivery.mail import seals
from apps.delivery.mail.listening import listener
from apps.delivery.mail.seals import Purpose, Thing
from apps.delivery.models import (
    Attempt,
    Channel,
    ContactHealth,
    Delivery,
    DeliveryState,
    InboundMail,
    InboundState,
    Message,
    Route,
)
from apps.delivery.services import Outgoing, enqueue, inbound
from apps.tenancy.context import AS_OWNER, acting_as
from tests.factories import PlatformFactory, ReferralUnitFactory
from tests.factories.organisations import ContactPointFactory

NOW = timezone.now()
DOMAIN = "mail.portal.example"
ADDRESS = "contact@pinboard.example"


@pytest.fixture(autouse=True)
def mail_comes_in(settings):
    settings.INBOUND_MAIL_DOMAIN = DOMAIN


@pytest.fixture
def platform():
    platform = PlatformFactory.create(slug="pinboard", name="Pinboard")
    Route.objects.create(organisation=platform, channels=[Channel.EMAIL], changed_at=NOW)
    return platform


@pytest.fixture
def sent(postman, platform):
    """A message that has left by mail."""
    message = Outgoing(
        key="R-1:sent",
        message=Message.REFERRAL_SENT,
        about="R-TEST-0001",
        sender_id=ReferralUnitFactory.create(name="Northern Unit").pk,
        recipient_id=platform.pk,
        facts={"instrument": "referral", "items": 1, "urgency": "day"},
    )
    enqueue([message], at=NOW)
    services.deliver_pending(at=NOW)
    return Delivery.objects.get(channel=Channel.EMAIL)


def returned_to(delivery):
    return seals.address_for(Purpose.BOUNCE, Thing.DELIVERY, delivery.pk)


def reply_to(delivery):
    return seals.address_for(Purpose.REPLY, Thing.DELIVERY, delivery.pk)


def report(action, status, *, recipient=ADDRESS, message_id="<other@elsewhere.example>", diagnostic="smtp; said so"):
    """A report as mail servers write them (RFC 3464)."""
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: portal@portal.example\r\nSubject: Delivery report\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="xx"\r\n\r\n'
        "--xx\r\nContent-Type: text/plain\r\n\r\nSomething became of your message.\r\n"
        "--xx\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: {diagnostic}\r\n\r\n"
        f"--xx\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\n--xx--\r\n"
    ).encode()


def letter(text="We removed it.", *, to="", sender=ADDRESS, **headers):
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"], message["Subject"] = sender, to or "portal@portal.example", "Re: R-TEST-0001"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def take(raw, *to, sender=""):
    return InboundMail.objects.get(pk=inbound.receive(raw, envelope_from=sender, envelope_to=to, at=NOW))


def fresh(row):
    row.refresh_from_db()
    return row


@pytest.fixture
def listening():
    """The listener as its command starts it, on a port of its own, with a client that speaks to it."""

    @contextmanager
    def connect(speaks):
        loop = asyncio.new_event_loop()
        starting = loop.create_server(lambda: listener(lmtp=speaks == "LMTP"), "127.0.0.1", 0)
        Thread(target=loop.run_forever, daemon=True).start()  # a browser test may have left this one a loop of its own
        server = asyncio.run_coroutine_threadsafe(starting, loop).result(10)
        try:
            with getattr(smtplib, speaks)("127.0.0.1", server.sockets[0].getsockname()[1]) as client:
                client.timeout = 10
                yield client
        finally:
            loop.call_soon_threadsafe(server.close)

    return connect


class TestReport:
    def test_of_failure_bounces_the_message_and_gives_it_up_where_no_channel_is_left(self, sent):
        take(report("failed", "5.1.1", diagnostic="smtp; 550 no such user"), returned_to(sent))
        fresh(sent)
        assert sent.state == DeliveryState.DEAD and "no such user" in sent.last_error
        last = Attempt.objects.filter(delivery=sent).order_by("-pk").first()
        assert (last.state, last.code) == (DeliveryState.BOUNCED, "5.1.1")

    def test_of_failure_sends_it_on_by_the_next_channel(self, postman, sent):
        Delivery.objects.filter(pk=sent.pk).update(route=["email", "email_link"])
        take(report("failed", "5.2.1"), returned_to(sent))
        assert (fresh(sent).state, sent.channel) == (DeliveryState.QUEUED, Channel.EMAIL_LINK)
        services.deliver_pending(at=NOW)
        assert fresh(sent).state == DeliveryState.SENT
        assert len(postman.letters) == 3  # the link, and its code apart: of what nobody knows, nothing stands in a mail

    def test_of_arrival_is_the_receipt(self, sent):
        take(report("delivered", "2.0.0"), returned_to(sent))
        assert (
            fresh(sent).state == DeliveryState.DELIVERED and sent.received_at and sent.proof["delivered_to"] == ADDRESS
        )

    def test_of_delay_is_kept_as_a_try_and_sends_nothing_twice(self, postman, sent):
        take(report("delayed", "4.4.1"), returned_to(sent))
        services.deliver_pending(at=NOW + timedelta(days=1))
        assert fresh(sent).state == DeliveryState.SENT and len(postman.letters) == 1
        assert Attempt.objects.filter(delivery=sent, state=DeliveryState.DEFERRED, code="4.4.1").exists()

    def test_is_known_by_the_message_it_returns_where_the_address_was_lost(self, sent):
        take(report("failed", "5.1.1", message_id=sent.proof["message_id"]), f"portal@{DOMAIN}")
        assert fresh(sent).state == DeliveryState.DEAD

    def test_is_found_inside_a_letter_that_forwards_it(self, sent):
        outer = email.message.EmailMessage(policy=email.policy.SMTP)
        outer["From"], outer["To"], outer["Subject"] = "postmaster@pinboard.example", "x@y.example", "Fwd: report"
        outer.set_content("See below.")
        outer.add_attachment(email.message_from_bytes(report("failed", "5.1.1"), policy=email.policy.SMTP))
        take(outer.as_bytes(), returned_to(sent))
        assert fresh(sent).state == DeliveryState.DEAD

    def test_about_one_of_two_addresses_leaves_the_other_to_it(self, postman, platform, sent):
        ContactPointFactory.create(organisation=platform, email="night@pinboard.example")
        Delivery.objects.filter(pk=sent.pk).update(proof={**sent.proof, "to": [ADDRESS, "night@pinboard.example"]})
        take(report("failed", "5.1.1"), returned_to(sent))
        assert fresh(sent).state == DeliveryState.SENT
        take(report("failed", "5.1.1", recipient="night@pinboard.example"), returned_to(sent))
        assert fresh(sent).state == DeliveryState.DEAD

    def test_after_the_receipt_changes_nothing(self, sent):
        take(report("delivered", "2.0.0"), returned_to(sent))
        take(report("failed", "5.1.1"), returned_to(sent))
        assert fresh(sent).state == DeliveryState.DELIVERED

    @pytest.mark.parametrize("spoilt", ["bounce+d1-aaaaaaaaaaaaaaaa", "bounce+dffffffffffffffff-aaaaaaaaaaaaaaaa"])
    def test_with_a_broken_seal_is_listed_and_changes_nothing(self, sent, spoilt):
        row = take(report("failed", "5.1.1"), f"{spoilt}@{DOMAIN}")
        assert fresh(sent).state == DeliveryState.SENT and row.state == InboundState.UNMATCHED

    def test_is_remembered_by_the_contact_point(self, sent):
        take(report("failed", "5.1.1"), returned_to(sent))
        health = ContactHealth.objects.get()
        assert (health.sent_count, health.bounce_count, health.is_failing) == (1, 1, True)


class TestReply:
    def test_belongs_to_the_organisation_that_was_written_to(self, sent, platform):
        row = take(letter(to=reply_to(sent)), reply_to(sent), sender=ADDRESS)
        assert (row.state, row.kind, row.organisation_id) == (InboundState.READ, "reply", platform.pk)
        assert row.delivery_id == sent.pk and row.text == "We removed it."

    def test_is_read_without_what_it_quotes(self, sent):
        text = "Gone.\n\nOn Mon, 2 Mar 2026, Northern Unit wrote:\n> will you remove it?\n-- \nJo"
        assert take(letter(text), reply_to(sent)).text == "Gone."

    @pytest.mark.parametrize(
        "headers",
        [
            {"Auto_Submitted": "auto-replied"},
            {"Precedence": "bulk"},
            {"X_Autoreply": "yes"},
            {"List_Id": "<people.example>"},
            {"Return_Path": "<>"},
        ],
    )
    def test_of_a_machine_is_ignored(self, sent, headers):
        assert take(letter(**headers), reply_to(sent)).state == InboundState.IGNORED

    def test_that_went_round_too_often_is_ignored(self, sent):
        raw = b"Received: from a by b\r\n" * 60 + letter()
        assert take(raw, reply_to(sent)).state == InboundState.IGNORED

    def test_to_nothing_known_is_listed(self, capsys):
        row = take(letter(sender="stranger@elsewhere.example"), f"portal@{DOMAIN}")
        assert (row.state, row.organisation_id) == (InboundState.UNMATCHED, None)
        call_command("inbound_mail")
        assert "stranger@elsewhere.example" in capsys.readouterr().out

    def test_names_the_files_that_came_with_it_and_which_are_kept(self, sent):
        message = email.message_from_bytes(letter(), policy=email.policy.SMTP)
        message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="proof.pdf")
        message.add_attachment(b"MZ", maintype="application", subtype="x-msdownload", filename="a.exe")
        row = take(message.as_bytes(), reply_to(sent))
        assert [(one["name"], one["kept"]) for one in row.enclosed] == [("proof.pdf", True), ("a.exe", False)]


class TestKeeping:
    @pytest.mark.parametrize("raw", [b"no header at all", b"\xff\xfe\x00garbage", b": :\r\n\r\n", b"From: a\r\n" * 3])
    def test_keeps_what_nobody_can_read_and_lists_it(self, raw):
        row = take(raw, f"portal@{DOMAIN}")
        assert bytes(row.raw) == raw and row.state in {InboundState.UNREADABLE, InboundState.UNMATCHED}

    def test_keeps_the_same_letter_once(self, sent):
        first, again = take(letter(), reply_to(sent)), take(letter(), reply_to(sent))
        assert first.pk == again.pk

    @pytest.mark.parametrize("raw", [b"", b"   \r\n", b"x" * 2000])
    def test_refuses_what_is_empty_or_too_large(self, settings, raw):
        settings.INBOUND_MAIL_BYTES = 1000
        with pytest.raises(inbound.MailRefused):
            take(raw, f"portal@{DOMAIN}")
        assert not InboundMail.objects.exists()

    def test_puts_a_flood_off(self, settings):
        settings.INBOUND_MAIL_PER_HOUR = 3
        for number in range(3):
            take(letter(f"Number {number}"), f"portal@{DOMAIN}", sender="loud@elsewhere.example")
        with pytest.raises(inbound.MailPostponed):
            take(letter("One more"), f"portal@{DOMAIN}", sender="loud@elsewhere.example")
        take(letter("From somebody else"), f"portal@{DOMAIN}", sender="calm@elsewhere.example")

    def test_reads_later_what_was_only_kept(self, sent):
        inbound.keep_mail(letter(), envelope_from=ADDRESS, envelope_to=[reply_to(sent)], at=NOW)
        assert inbound.read_pending(at=NOW) == 1 and InboundMail.objects.get().state == InboundState.READ
        assert inbound.read_pending(at=NOW) == 0


class TestPipe:
    def run(self, monkeypatch, raw, *arguments):
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(raw)))
        with pytest.raises(SystemExit) as ended:
            call_command("receive_mail", *arguments)
        return ended.value.code

    def test_takes_a_letter(self, monkeypatch, sent):
        arguments = ("--from", ADDRESS, "--to", reply_to(sent))
        assert self.run(monkeypatch, letter(), *arguments) == 0
        assert InboundMail.objects.get().delivery_id == sent.pk

    def test_refuses_nothing_for_good_and_a_flood_for_now(self, monkeypatch, settings):
        assert self.run(monkeypatch, b"") == 65
        settings.INBOUND_MAIL_PER_HOUR = 0
        assert self.run(monkeypatch, letter(), "--from", ADDRESS) == 75


@pytest.mark.django_db(transaction=True)
class TestListener:
    def test_takes_letters_for_its_own_domain_alone(self, listening):
        to = [f"one@{DOMAIN}", "somebody@elsewhere.example", f"two@{DOMAIN}"]
        with listening("SMTP") as server:
            refused = server.sendmail("a@b.example", to, letter())
        assert list(refused) == ["somebody@elsewhere.example"]
        with acting_as(AS_OWNER):
            assert InboundMail.objects.get().envelope_to == [f"one@{DOMAIN}", f"two@{DOMAIN}"]

    def test_answers_by_lmtp_for_each_recipient(self, listening):
        with listening("LMTP") as server:
            server.ehlo("mx.example")
            server.mail("a@b.example")
            for name in ("one", "two"):
                assert server.rcpt(f"{name}@{DOMAIN}")[0] == 250
            server.docmd("DATA")
            server.send(letter() + b"\r\n.\r\n")
            answers = [server.getreply(), server.getreply()]
        assert [code for code, _text in answers] == [250, 250]
        with acting_as(AS_OWNER):
            assert InboundMail.objects.count() == 1

    def test_says_too_large(self, listening, settings):
        settings.INBOUND_MAIL_BYTES = 500
        with listening("SMTP") as server, pytest.raises(smtplib.SMTPException) as problem:
            server.sendmail("a@b.example", [f"one@{DOMAIN}"], letter("x" * 2000))
        assert "552" in repr(problem.value)

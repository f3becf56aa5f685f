"""Reminders as each channel says them: one message for several referrals."""

import json
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from apps.accounts.roles import Role
from apps.delivery import services
from apps.delivery.mail.composing import compose
from apps.delivery.models import Audience, Channel, Delivery, Link, Message
from apps.delivery.services import Outgoing, enqueue
from apps.delivery.webhooks.messages import body_of
from apps.organisations.models import ContactPurpose
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, member
from tests.factories.organisations import ContactPointFactory

NOW = timezone.now()
DUE = datetime(2026, 3, 3, 12, tzinfo=UTC)


@pytest.fixture
def platform():
    return PlatformFactory(slug="streamhub", name="StreamHub", time_zone="UTC")


@pytest.fixture
def remind(platform):
    """`remind(referral, other)` is a reminder in the outbox, as the ladder writes it."""

    def remind(*referrals, audience=Audience.CONTACT, channels=(Channel.EMAIL,), to=None, more=0, **facts):
        to = to or platform
        several = len(referrals) + more > 1
        outgoing = Outgoing(
            key="REMINDER-000000",
            message=Message.REMINDER_SENT,
            about="REMINDER-000000" if several else referrals[0].reference,
            sender_id=to.pk if several else referrals[0].sender_id,
            recipient_id=to.pk,
            facts={
                "items": len(referrals),
                "due_at": DUE.isoformat(),
                "count": len(referrals) + more,
                "overdue_count": len(referrals),
                "more": more,
                "referrals": [line(one, **facts) for one in referrals],
            },
            audience=audience,
            channels=channels,
        )
        enqueue([outgoing], at=NOW)
        rows = Delivery.objects.select_related("sender", "recipient")
        return rows.get(key=f"REMINDER-000000:{channels[0]}")

    return remind


def line(referral, **facts):
    return {
        "reference": referral.reference,
        "from": referral.sender.name,
        "platform": referral.recipient.name,
        "instrument": referral.instrument,
        "urgency": referral.urgency,
        "items": 1,
        "due_at": DUE.isoformat(),
        "is_overdue": True,
        "is_statutory": False,
        "rung": "due",
        **facts,
    }


@pytest.fixture
def referrals(platform):
    units = ReferralUnitFactory(name="Northern Unit"), ReferralUnitFactory(name="Southern Unit")
    return [ReferralFactory(sender=unit, recipient=platform, state="received", area="hate_speech") for unit in units]


def texts(delivery, **facts):
    mail = compose(delivery, to=["contact@streamhub.example"], **facts)
    return mail, (mail.body, str(mail.alternatives[0].content))


class TestWords:
    def test_name_each_referral_with_its_due_time(self, remind, referrals):
        mail, bodies = texts(remind(*referrals))
        assert mail.subject == "Reminder: 2 referrals are overdue for your answer"
        for body in bodies:
            assert all(one.reference in body and one.sender.name in body for one in referrals)
            assert body.count("Target: overdue since 3 Mar 2026, 12:00 UTC") == 2

    def test_keep_the_law_and_a_target_apart(self, remind, referrals):
        _mail, bodies = texts(remind(referrals[0], is_statutory=True, is_overdue=False))
        for body in bodies:
            assert "Time limit of the law: due 3 Mar 2026, 12:00 UTC" in body and "A target is" not in body

    def test_say_how_many_more_there_are(self, remind, referrals):
        _mail, bodies = texts(remind(*referrals, more=17))
        assert all("and 17 more" in body for body in bodies)

    @pytest.mark.parametrize(
        ("audience", "sentence"),
        [
            (Audience.BACKUP, "You are told as the backup contact"),
            (Audience.EVERYONE, "Every contact point is told"),
            (Audience.SUPERVISOR, "has named you as its supervisor"),
            (Audience.CONTACT, "ask the sender a question"),
        ],
    )
    def test_say_why_somebody_is_told(self, remind, referrals, audience, sentence):
        _mail, bodies = texts(remind(*referrals, audience=audience))
        assert all(sentence in body for body in bodies)

    def test_to_a_sender_name_the_platform(self, remind, referrals):
        unit = referrals[0].sender
        _mail, bodies = texts(remind(referrals[0], to=unit, audience=Audience.SUPERVISOR, more=1))
        assert all("of your referrals have stayed without an answer" in body and "StreamHub" in body for body in bodies)

    def test_about_several_invite_no_reply(self, remind, referrals, settings):
        settings.INBOUND_MAIL_DOMAIN = "mail.portal.example"
        _mail, bodies = texts(remind(*referrals))
        assert not any("reply to this message" in body for body in bodies)

    def test_stand_in_a_file_for_machines(self, remind, referrals):
        mail, _bodies = texts(remind(*referrals))
        (name, content, _kind) = mail.attachments[0]
        assert name == "REMINDER-000000.json"
        assert [one["reference"] for one in json.loads(content)["referrals"]] == [one.reference for one in referrals]


class TestTheWebhook:
    def test_names_several_and_no_single_one(self, remind, referrals, platform):
        data = json.loads(body_of(remind(*referrals)))
        assert data["type"] == "reminder.sent" and "reference" not in data["data"]
        assert data["data"]["references"] == [one.reference for one in referrals]
        assert (data["data"]["count"], data["data"]["overdue"]) == (2, 2)

    def test_names_a_single_one_as_ever(self, remind, referrals):
        data = json.loads(body_of(remind(referrals[0])))["data"]
        assert data["reference"] == referrals[0].reference and data["from"] == referrals[0].sender.slug


class TestAnswerLinks:
    def test_come_one_for_each_referral(self, remind, referrals, postman):
        remind(*referrals, channels=(Channel.EMAIL_LINK,))
        services.deliver_pending(at=NOW)
        ((_to, letter),) = postman.letters
        body = letter.get_body(("plain",)).get_content()
        assert body.count("/l/") == 2 and "You need no account" in body
        assert set(Link.objects.values_list("about", "sender_id")) == {
            (one.reference, one.sender_id) for one in referrals
        }

    def test_of_what_is_sensitive_ask_for_codes_that_come_in_one_more_mail(self, remind, referrals, postman):
        for one in referrals:
            type(one).objects.filter(pk=one.pk).update(tlp="red")
        remind(*referrals, channels=(Channel.EMAIL_LINK,))
        services.deliver_pending(at=NOW)
        assert len(postman.letters) == 2
        codes = postman.letters[1][1].get_body(("plain",)).get_content()
        assert all(one.reference in codes for one in referrals) and "/l/" not in codes

    def test_are_left_out_where_nothing_is_asked_any_more(self, remind, referrals, postman):
        type(referrals[0]).objects.filter(pk=referrals[0].pk).update(state="withdrawn")
        remind(*referrals, channels=(Channel.EMAIL_LINK,))
        services.deliver_pending(at=NOW)
        assert Link.objects.get().about == referrals[1].reference

    def test_are_at_most_twenty(self, remind, platform, referrals, postman, monkeypatch):
        from apps.delivery.mail import reminders

        monkeypatch.setattr(reminders, "MOST_LINKS", 1)
        remind(*referrals, channels=(Channel.EMAIL_LINK,))
        services.deliver_pending(at=NOW)
        assert Link.objects.count() == 1


class TestAddressees:
    @pytest.fixture
    def named(self, platform):
        for purpose in (ContactPurpose.BACKUP, ContactPurpose.SUPERVISOR, ContactPurpose.CRISIS):
            ContactPointFactory(organisation=platform, purpose=purpose, email=f"{purpose}@streamhub.example")

    @pytest.mark.parametrize(
        ("audience", "names"),
        [
            (Audience.CONTACT, ["contact"]),
            (Audience.BACKUP, ["backup"]),
            (Audience.SUPERVISOR, ["supervisor"]),
            (Audience.EVERYONE, ["contact", "backup", "crisis"]),
        ],
    )
    def test_are_the_contact_points_named_for_it(self, remind, referrals, postman, named, audience, names):
        remind(*referrals, audience=audience)
        services.deliver_pending(at=NOW)
        assert sorted(postman.letters[0][0]) == sorted(f"{name}@streamhub.example" for name in names)

    def test_are_the_administrators_where_no_supervisor_is_named(self, remind, referrals, postman, platform):
        somebody = member(platform, Role.ADMINISTRATOR)
        member(platform, Role.CONTACT_POINT)
        remind(*referrals, audience=Audience.SUPERVISOR)
        services.deliver_pending(at=NOW)
        assert postman.letters[0][0] == [somebody.email]

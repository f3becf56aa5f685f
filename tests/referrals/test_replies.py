"""A reply by mail: what is read in it, who sees it, and that it counts for nothing before the platform confirms it."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.utils import timezone

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.delivery import links, services
from apps.delivery.mail import seals
from apps.delivery.mail.seals import Purpose, Thing
from apps.delivery.models import Channel, Delivery, InboundMail, InboundState, Link
from apps.delivery.services import inbound
from apps.referrals.collecting import MOST_A_DAY
from apps.referrals.intake.replies import read_reply
from apps.referrals.models import Decision, Event, InboundAnswer, InboundAnswerState
from apps.referrals.models.event import Verb
from apps.referrals.tasks import collect_replies
from apps.referrals.transitions import State
from tests.delivery.postman import open_door
from tests.delivery.test_incoming import letter
from tests.delivery.test_mails import send
from tests.factories import PlatformFactory, member

NOW = timezone.now()
ADDRESS = "contact@pinboard.example"


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("We have removed it.", "REMOVED"),
        ("Hello,\nthe three posts were deleted today.\nRegards", "REMOVED"),
        ("Wir haben den Beitrag gelöscht.", "REMOVED"),
        ("Le contenu a été supprimé.", "REMOVED"),
        ("We will not remove this.", "NO_ACTION"),
        ("No action: this is counter-speech.", "NO_ACTION"),
        ("It was already removed last week.", "ALREADY_REMOVED"),
        ("The page is not found on our side.", "NOT_FOUND"),
        ("This is not our service.", "NOT_OUR_SERVICE"),
        ("Access is disabled.", "DISABLED_GLOBAL"),
        ("We removed one. The other we will not remove.", ""),
        ("Could you tell us more?", ""),
        ("", ""),
    ],
)
def test_is_read_by_simple_words_and_not_at_all_where_it_says_two_things(text, outcome):
    assert read_reply(text, items=set()).outcome == outcome


def test_names_law_or_terms_where_it_says_one_of_them():
    guess = read_reply("Removed. It is against our terms, section 4.", items=set())
    assert guess.ground == "DECISION_GROUND_INCOMPATIBLE_CONTENT" and "section 4" in guess.legal_ground
    assert read_reply("Removed, illegal and against our terms.", items=set()).ground == ""


@pytest.fixture
def postman(settings):
    settings.INBOUND_MAIL_DOMAIN = "mail.portal.example"
    with open_door() as (handler, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield handler


@pytest.fixture
def platform():
    return PlatformFactory.create(slug="pinboard", name="Pinboard")


@pytest.fixture
def referral(postman, platform):
    return send(platform)


def reply(referral, text, **headers):
    delivery = Delivery.objects.filter(about=referral.reference, channel=Channel.EMAIL_LINK).order_by("pk").first()
    to = seals.address_for(Purpose.REPLY, Thing.DELIVERY, delivery.pk)
    pk = inbound.receive(letter(text, **headers), envelope_from=ADDRESS, envelope_to=[to], at=timezone.now())
    collect_replies()
    return InboundMail.objects.get(pk=pk)


TERMS = "Removed. It is against our terms, section 4."


class TestProposal:
    def test_counts_for_nothing(self, referral):
        reply(referral, TERMS)
        assert InboundAnswer.objects.get().outcome == "REMOVED" and not Decision.objects.exists()
        referral.refresh_from_db()
        assert referral.open_count == 2

    def test_is_made_once(self, referral):
        reply(referral, TERMS)
        assert collect_replies() == 0 and InboundAnswer.objects.count() == 1

    def test_stands_on_the_timeline_and_on_the_sender_s_page(self, client, referral):
        reply(referral, TERMS)
        assert Event.objects.filter(referral=referral, verb=Verb.REPLY_RECEIVED).count() == 1
        client.force_login(member(referral.sender, Role.OFFICER))
        body = client.get(f"/referrals/{referral.reference}/").content.decode()
        assert "nobody has confirmed it" in body and "section 4" in body and "Confirm it as our answer" not in body

    def test_asks_the_contact_to_confirm_by_a_link_of_its_own(self, postman, referral):
        reply(referral, TERMS)
        services.deliver_pending(at=timezone.now())
        _to, mail = postman.letters[-1]
        said = mail.get_body(("plain",)).get_content()
        assert "We understood: Removed." in said and "/l/" in said and Link.objects.count() == 2

    def test_of_a_loop_ends(self, referral):
        rows = [reply(referral, f"Removed, number {number}.") for number in range(MOST_A_DAY + 3)]
        assert InboundAnswer.objects.count() == MOST_A_DAY
        assert [InboundMail.objects.get(pk=row.pk).state for row in rows[-3:]] == [InboundState.IGNORED] * 3

    def test_of_a_sensitive_matter_shows_neither_words_nor_files(self, postman, platform):
        reply(send(platform, area="csam"), "Removed, see https://pinboard.example/watch/1")
        found = InboundAnswer.objects.get()
        assert (found.text, found.files, found.outcome) == ("", [], "")

    def test_is_none_where_the_house_that_wrote_is_not_the_platform(self, referral):
        row = reply(referral, TERMS)
        InboundAnswer.objects.all().delete()
        InboundMail.objects.filter(pk=row.pk).update(organisation=referral.sender)
        assert collect_replies() == 0 and InboundMail.objects.get(pk=row.pk).state == InboundState.UNMATCHED


class TestConfirming:
    def test_by_the_link_takes_one_press(self, client, referral):
        reply(referral, TERMS)
        link = Link.objects.order_by("pk").first()
        path = links.address_of(link).removeprefix("http://portal.example")
        body = client.post(path, {"step": "open"}).content.decode()
        assert "You replied by mail" in body
        client.post(path, fields_of(body))
        assert set(referral.items.values_list("outcome", flat=True)) == {"REMOVED"}
        assert InboundAnswer.objects.get().state == InboundAnswerState.CONFIRMED

    def test_with_an_account_takes_one_press_too(self, client, platform, referral):
        reply(referral, TERMS)
        client.force_login(member(platform, Role.CONTACT_POINT))
        page = client.post(f"/referrals/{referral.reference}/reply/", {"act": "confirm"}, follow=True)
        assert "recorded as your answer" in page.content.decode()
        assert {one.channel for one in Decision.objects.all()} == {"email_reply"}
        assert AuditEntry.objects.filter(verb="reply.confirmed").exists()

    def test_of_half_an_answer_points_to_the_form(self, client, platform, referral):
        reply(referral, "We have removed it.")
        client.force_login(member(platform, Role.CONTACT_POINT))
        page = client.post(f"/referrals/{referral.reference}/reply/", {"act": "confirm"}, follow=True)
        assert "Answer with the form instead" in page.content.decode() and not Decision.objects.exists()
        assert InboundAnswer.objects.get().state == InboundAnswerState.UNCONFIRMED

    def test_can_be_refused(self, client, platform, referral):
        reply(referral, TERMS)
        client.force_login(member(platform, Role.CONTACT_POINT))
        client.post(f"/referrals/{referral.reference}/reply/", {"act": "dismiss"})
        assert InboundAnswer.objects.get().state == InboundAnswerState.DISMISSED and not Decision.objects.exists()
        again = client.post(f"/referrals/{referral.reference}/reply/", {"act": "dismiss"}, follow=True)
        assert "dealt with already" in again.content.decode()

    def test_is_not_the_sender_s_to_do(self, client, referral):
        reply(referral, TERMS)
        client.force_login(member(referral.sender, Role.OFFICER))
        assert client.post(f"/referrals/{referral.reference}/reply/", {"act": "confirm"}).status_code == 403

    def test_is_not_another_platform_s_to_do(self, client, referral):
        reply(referral, TERMS)
        client.force_login(member(PlatformFactory.create(), Role.CONTACT_POINT))
        assert client.post(f"/referrals/{referral.reference}/reply/", {"act": "confirm"}).status_code == 404


def fields_of(body):
    """What a browser would send: the form as it stands filled in."""

    class Fields(HTMLParser):
        def __init__(self):
            super().__init__()
            self.found, self.text, self.is_answer = {}, None, False

        def handle_starttag(self, tag, attributes):
            given = dict(attributes)
            if tag == "form":
                self.is_answer = given.get("id") == "answer"
            if not self.is_answer:
                return
            chosen = given.get("type") not in {"radio", "checkbox"} or "checked" in given
            if tag == "input" and given.get("name") and chosen:
                self.found[given["name"]] = given.get("value", "")
            self.text = given.get("name") if tag == "textarea" else None

        def handle_data(self, data):
            if self.text:
                self.found[self.text] = data.strip()
                self.text = None

    reader = Fields()
    reader.feed(body)
    return reader.found


def test_waits_no_longer_than_two_weeks_to_be_found(referral):
    row = reply(referral, TERMS)
    InboundAnswer.objects.all().delete()
    InboundMail.objects.filter(pk=row.pk).update(received_at=NOW - timedelta(days=30))
    assert collect_replies() == 0


def test_about_what_is_answered_asks_nobody_to_confirm(referral):
    type(referral).objects.filter(pk=referral.pk).update(state=State.CLOSED)
    reply(referral, TERMS)
    assert not Delivery.objects.filter(message="reply_read").exists() and InboundAnswer.objects.exists()

"""A small platform on a phone: from the mail to a recorded answer, without an account; a robot was there first."""

import re
import time
from datetime import timedelta

import pytest
import requests
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.delivery.models import Delivery, DeliveryState, Link, Message
from apps.delivery.services import Outgoing, enqueue
from apps.delivery.tasks import deliver_pending
from apps.referrals.models import Decision, Event, Item, Referral
from apps.referrals.transitions import State
from apps.tenancy.context import AS_OWNER, acting_as
from tests.browser.looking import NARROW, problems_of
from tests.delivery.postman import open_door
from tests.factories import PlatformFactory, ReferralFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SECONDS = 60
LINKS = re.compile(r"http://[^\s\"<>]+")


@pytest.fixture
def postman(settings, live_server):
    settings.SITE_URL, settings.INBOUND_MAIL_DOMAIN = live_server.url, "mail.portal.example"
    with open_door() as (handler, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield handler


def refer(area="terrorism", items=3):
    """A referral to a platform that nobody has joined, and the mails that brings it."""
    at = timezone.now()
    with acting_as(AS_OWNER):
        platform = PlatformFactory.create(name="Pinboard", slug="pinboard", time_zone="Europe/Dublin")
        referral = ReferralFactory.create(recipient=platform, state=State.SENT, area=area, items=items)
        facts = {"from": referral.sender.name, "instrument": "referral", "items": items, "urgency": "day"}
        message = Outgoing(
            key=f"{referral.reference}:sent",
            message=Message.REFERRAL_SENT,
            about=referral.reference,
            sender_id=referral.sender_id,
            recipient_id=platform.pk,
            facts=facts,
        )
        enqueue([message], at=at)
    deliver_pending()
    return referral


def words_of(letter):
    return letter.get_body(("plain",)).get_content()


def link_in(letter):
    return next(found for found in LINKS.findall(words_of(letter)) if "/l/" in found)


def state_of_everything():
    with acting_as(AS_OWNER):
        return [list(t.objects.order_by("pk").values()) for t in (Link, Delivery, Referral, Item, Decision, Event)]


def remove_all(page: Page) -> None:
    page.get_by_role("button", name="Open it and answer").click()
    page.get_by_role("radio", name="Removed").check()
    page.get_by_role("radio", name="against the law").check()
    page.get_by_label("Which law, or which clause").fill("Regulation (EU) 2021/784, Article 2(7)")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("heading", name="Your answer is recorded")).to_be_visible()


def test_from_the_mail_to_the_receipt_on_a_phone_in_less_than_a_minute(page, postman):
    referral = refer()
    _to, letter = postman.letters[0]
    page.set_viewport_size(NARROW)
    started = time.monotonic()
    page.goto(link_in(letter))
    remove_all(page)
    assert time.monotonic() - started < SECONDS
    with acting_as(AS_OWNER):
        referral.refresh_from_db()
        assert referral.state == State.ANSWERED and Decision.objects.filter(decided_by=None).count() == 3
    page.goto(link_in(letter))
    expect(page.get_by_role("heading", name="This has been answered")).to_be_visible()


def test_a_robot_that_follows_every_link_of_the_mail_changes_nothing(page, postman):
    refer()
    _to, letter = postman.letters[0]
    parts = [part.get_content() for part in letter.walk() if part.get_content_maintype() == "text"]
    links = {found.rstrip(".,") for part in parts for found in LINKS.findall(part)}
    assert any("/l/" in found for found in links)
    before = state_of_everything()
    for found in links:
        assert requests.head(found, timeout=10).ok and requests.get(found, timeout=10).ok
    assert state_of_everything() == before
    page.goto(link_in(letter))
    remove_all(page)


def test_an_expired_link_says_so(page, postman):
    refer()
    with acting_as(AS_OWNER):
        long_ago = timezone.now() - timedelta(days=40)
        Link.objects.update(created_at=long_ago, expires_at=long_ago + timedelta(days=1))
    page.goto(link_in(postman.letters[0][1]))
    expect(page.get_by_role("heading", name="This link has expired")).to_be_visible()


def test_sensitive_areas_ask_for_the_code_of_another_mail(page, postman):
    refer(area="csam", items=1)
    (_to, letter), (_same, second) = postman.letters
    assert "pinboard[.]example" not in words_of(letter) and "/l/" not in words_of(second)
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", words_of(second)).group()
    assert code not in words_of(letter)
    page.set_viewport_size(NARROW)
    page.goto(link_in(letter))
    page.get_by_label("Code").fill("0000-0000")
    page.get_by_role("button", name="Open it and answer").click()
    expect(page.get_by_text("This is not the code")).to_be_visible()
    page.get_by_label("Code").fill(code.lower())
    page.get_by_role("button", name="Open it and answer").click()
    expect(page.get_by_role("button", name="Send the answer")).to_be_visible()
    with acting_as(AS_OWNER):
        assert Delivery.objects.filter(state=DeliveryState.READ).exists()


@pytest.mark.parametrize("area", ["terrorism", "csam"])
def test_every_step_is_for_everybody(page, postman, area, shots):
    refer(area=area)
    page.goto(link_in(postman.letters[0][1]))
    found = [*shots(page, f"{area}-confirm")]
    if area == "csam":
        page.get_by_label("Code").fill(re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", words_of(postman.letters[1][1])).group())
    page.get_by_role("button", name="Open it and answer").click()
    page.get_by_role("radio", name="Removed").check()
    page.get_by_text("Answer some addresses differently").click()
    found += shots(page, f"{area}-answer")
    page.get_by_role("radio", name="against the law").check()
    page.get_by_label("Which law, or which clause").fill("Regulation (EU) 2021/784, Article 2(7)")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("heading", name="Your answer is recorded")).to_be_visible()
    found += shots(page, f"{area}-receipt")
    assert found == []


@pytest.fixture
def shots():
    return lambda page, _name: list(problems_of(page))

"""A desk of several people who answer all day: five hundred from a filter, one after the other, by keyboard."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.referrals.models import Decision, Item, Referral, Tracking
from apps.referrals.transitions import State
from apps.taxonomy.categories import Category
from apps.tenancy.context import AS_OWNER, acting_as
from tests.browser.looking import problems_of
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def platform():
    with acting_as(AS_OWNER):
        return PlatformFactory.create(slug="video", name="Video Site")


@pytest.fixture
def contact(platform, signed_in) -> User:
    with acting_as(AS_OWNER):
        user = member(platform, Role.CONTACT_POINT, name="Ann Example")
    signed_in(user)
    return user


@pytest.fixture
def make(platform) -> Callable[..., Referral]:
    def make(**facts) -> Referral:
        with acting_as(AS_OWNER):
            facts = {"recipient": platform, "state": State.RECEIVED, **facts}
            made: Referral = ReferralFactory.create(
                due_at=timezone.now() + timedelta(days=facts.pop("days", 5)), **facts
            )
        return made

    return make


def owned(question):
    with acting_as(AS_OWNER):
        return question()


def test_a_large_platform_answers_five_hundred_from_a_filter(page: Page, live_server, contact, make):
    with acting_as(AS_OWNER):
        bureau = ReferralUnitFactory.create(name="Online Safety Bureau")
    referrals = [make(sender=bureau, items=125, category=Category.SCAMS_AND_FRAUD) for _ in range(4)]
    make(items=3)
    page.goto(f"{live_server.url}/items/")
    page.wait_for_load_state()
    page.get_by_label("Category").select_option(label="Scams and/or fraud")
    expect(page.get_by_role("group", name="Active filters")).to_contain_text("Scams and/or fraud")
    page.get_by_label("Select all on this page").check()
    page.get_by_label("All open ones that match, up to 1,000").check()
    page.get_by_role("button", name="Answer the selected items").click()
    expect(page.get_by_role("heading", name="Answer 500 items")).to_be_visible()
    page.get_by_role("radio", name="Removed", exact=True).check()
    page.get_by_role("radio", name="Illegal content").check()
    page.get_by_label("Provision of law or clause of your terms").fill("Directive 2005/29/EC, Article 6")
    told = page.get_by_role("complementary", name="What people will read")
    expect(told).to_contain_text("What the user is told")
    page.get_by_role("button", name="Record 500 decisions").click()
    expect(page.get_by_role("heading", name="500 answers recorded")).to_be_visible()
    assert list(problems_of(page)) == []
    page.get_by_role("link", name="Back to the items").click()
    expect(page.get_by_text("No item matches this")).to_be_visible()
    assert owned(Decision.objects.count) == 500
    states = owned(lambda: set(Referral.objects.filter(sender=bureau).values_list("state", flat=True)))
    assert states == {State.ANSWERED} and len(referrals) == 4


def test_one_after_the_other(page: Page, live_server, contact, make):
    make(days=5), make(days=6), make(days=7, urgency="standard")
    page.goto(f"{live_server.url}/items/?urgency=day")
    page.wait_for_load_state()
    page.keyboard.press("n")
    for _number in range(2):
        expect(page.get_by_role("heading", name="Answer 1 item")).to_be_visible()
        page.get_by_role("radio", name="Not found").check()
        page.get_by_role("button", name="Record and take the next one").click()
        page.wait_for_load_state()
    expect(page.get_by_role("heading", name="1 answer recorded")).to_be_visible()
    assert owned(Decision.objects.count) == 2, "the third is not in the filter"


def test_keys_claim_and_answer(page: Page, live_server, contact, make):
    make(items=3)
    page.goto(f"{live_server.url}/items/")
    page.wait_for_load_state()
    for key in "jjc":
        page.keyboard.press(key)
    expect(page.get_by_text("1 item is yours now.")).to_be_visible()
    second = owned(lambda: Item.objects.order_by("pk")[1].reference)
    assert owned(lambda: Tracking.objects.get().item.reference) == second
    page.wait_for_load_state()
    for key in "jxjxa":
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="Answer 2 items")).to_be_visible()


def test_a_template_fills_in_the_form(page: Page, live_server, contact, make):
    make(items=1)
    page.goto(f"{live_server.url}/items/templates/new/")
    page.get_by_label("Name of the template").fill("Quoted in news")
    page.get_by_role("radio", name="No action").check()
    page.get_by_label("Reason for no action").select_option(label="Counter-speech")
    page.get_by_role("button", name="Keep the template").click()
    expect(page.get_by_role("link", name="Quoted in news")).to_be_visible()
    page.goto(f"{live_server.url}/items/")
    page.get_by_role("link", name="Answer I-").click()
    page.wait_for_load_state()
    page.get_by_label("Begin with a template").select_option(label="Quoted in news")
    expect(page.get_by_role("radio", name="No action")).to_be_checked()
    expect(page.get_by_label("Reason for no action")).to_have_value("COUNTER_SPEECH")
    expect(page.get_by_role("complementary", name="What people will read")).to_contain_text("Counter-speech")


def test_what_is_put_off_comes_back(page: Page, live_server, contact, make):
    make(items=2, days=9)
    page.goto(f"{live_server.url}/items/")
    page.wait_for_load_state()
    page.get_by_label("Select all on this page").check()
    page.locator("summary", has_text="Put off").click()
    page.get_by_label("Until").fill((timezone.now() + timedelta(days=3)).date().isoformat())
    page.get_by_role("button", name="Put off").click()
    expect(page.get_by_text("2 items were put off.")).to_be_visible()
    page.get_by_role("navigation", name="Queues").get_by_role("link", name="Put off").click()
    page.wait_for_load_state()
    page.get_by_label("Select all on this page").check()
    page.get_by_role("button", name="Bring back").click()
    expect(page.get_by_text("2 items are back on the list.")).to_be_visible()

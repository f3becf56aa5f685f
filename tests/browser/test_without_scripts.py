"""Filing and answering in a browser that runs no scripts."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.referrals.transitions import State
from apps.tenancy.context import AS_OWNER, acting_as
from tests.browser.conftest import session_cookie
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Seat = Callable[[User, str], Page]


@pytest.fixture
def seat(browser: Browser, live_server) -> Iterator[Seat]:
    """`seat(user, path)`: that page, as somebody with scripts turned off sees it."""
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)

    def take(user: User, path: str) -> Page:
        context.add_cookies([session_cookie(user, live_server.url)])
        page = context.new_page()
        page.goto(path)
        return page

    yield take
    context.close()


@pytest.fixture
def video():
    with acting_as(AS_OWNER):
        return PlatformFactory.create(slug="video", name="Video Site")


def test_a_case_is_filed(seat, video):
    with acting_as(AS_OWNER):
        officer = member(ReferralUnitFactory.create(), Role.OFFICER)
    page = seat(officer, "/cases/new/")
    page.get_by_role("textbox", name="Addresses").fill("https://video.example/1\nhttps://nobody.example/2")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("2 rows in all")).to_be_visible()
    page.get_by_label("Area").select_option(label="Hate speech")
    page.get_by_role("button", name="Propose category and keywords").click()
    expect(page.get_by_label("Category", exact=True)).to_have_value("STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH")
    page.get_by_label("Reasons", exact=True).fill("Calls for violence against a minority.")
    page.get_by_label("Title").fill("From one page")
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_role("heading", name="From one page")).to_be_visible()
    expect(page.get_by_role("region", name="Left over", exact=True)).to_contain_text("nobody[.]example")


def test_a_selection_is_answered(seat, video):
    with acting_as(AS_OWNER):
        contact = member(video, Role.CONTACT_POINT)
        ReferralFactory.create(recipient=video, state=State.RECEIVED, items=3)
    page = seat(contact, "/items/")
    for box in page.get_by_label("Select I-").all()[:2]:
        box.check()
    page.get_by_role("button", name="Answer the selected items").click()
    page.get_by_role("radio", name="Removed", exact=True).check()
    page.get_by_role("radio", name="Illegal content").check()
    page.get_by_label("Provision of law or clause of your terms").fill("Article 3")
    page.get_by_role("button", name="Show what the sender will read").click()
    expect(page.get_by_role("complementary", name="What people will read")).to_contain_text("Article 3")
    page.get_by_role("button", name="Record 2 decisions").click()
    expect(page.get_by_role("heading", name="2 answers recorded")).to_be_visible()

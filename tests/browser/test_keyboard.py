"""Without a mouse: every control is reached in order, seen where it is, and lists, dialogs and menus obey keys."""

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.roles import Role
from apps.referrals.transitions import State
from apps.tenancy.context import AS_OWNER, acting_as
from tests.browser.tabbing import walk
from tests.factories import PlatformFactory, ReferralFactory, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def platform():
    with acting_as(AS_OWNER):
        return PlatformFactory.create()


@pytest.fixture
def contact(platform, signed_in):
    with acting_as(AS_OWNER):
        user = member(platform, Role.CONTACT_POINT)
    signed_in(user)
    return user


@pytest.fixture
def received(platform):
    with acting_as(AS_OWNER):
        return [ReferralFactory.create(recipient=platform, state=State.RECEIVED, items=2) for _ in range(3)]


class TestTab:
    def test_reaches_every_control_and_shows_where_it_is(self, page, live_server, contact, received):
        for path in ("/", "/referrals/", f"/referrals/{received[0].reference}/", "/items/", "/account/"):
            page.goto(live_server.url + path)
            assert walk(page) == ([], []), path

    def test_reaches_every_control_of_a_form(self, page, live_server, signed_in, received):
        with acting_as(AS_OWNER):
            signed_in(member(received[0].sender, Role.OFFICER))
        for path in ("/cases/new/", "/cases/upload/", "/tokens/"):
            page.goto(live_server.url + path)
            assert walk(page) == ([], []), path

    def test_skips_to_the_content_first(self, page, live_server, contact):
        page.goto(live_server.url)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()


class TestLists:
    def test_walk_select_and_open(self, page, live_server, contact, received):
        page.goto(f"{live_server.url}/referrals/")
        page.wait_for_load_state()
        for key in "jjkx":
            page.keyboard.press(key)
        expect(page.locator("[data-selected]")).to_have_text("Selected: 1")
        row = page.locator("tr.here")
        expect(row.get_by_role("checkbox")).to_be_checked()
        reference = row.get_by_role("checkbox").get_attribute("value")
        page.keyboard.press("o")
        page.wait_for_url(f"**/referrals/{reference}/")


class TestDialogs:
    @pytest.fixture
    def asking(self, page: Page, live_server, contact, received) -> Page:
        page.goto(f"{live_server.url}/referrals/{received[0].reference}/")
        page.wait_for_load_state()
        page.get_by_role("link", name="Ask the sender").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog", name="Ask the sender")).to_be_visible()
        return page

    def test_keep_the_focus_inside(self, asking):
        inside = "document.activeElement.closest('dialog') !== null || document.activeElement === document.body"
        for _ in range(8):
            asking.keyboard.press("Tab")
            assert asking.evaluate(inside)

    def test_close_on_escape_and_give_the_focus_back(self, asking):
        asking.keyboard.press("Escape")
        expect(asking.get_by_role("dialog", name="Ask the sender")).to_be_hidden()
        expect(asking.get_by_role("link", name="Ask the sender")).to_be_focused()

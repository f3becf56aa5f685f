"""The editor of a policy: as a person without scripts uses it, and as axe sees each of its states."""

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.accounts.roles import Role
from apps.deadlines.policies import newest_of
from apps.referrals.transitions import State
from apps.tenancy.context import AS_OWNER, acting_as
from tests.browser.conftest import session_cookie
from tests.browser.looking import problems_of
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def unit():
    with acting_as(AS_OWNER):
        unit = ReferralUnitFactory.create()
        ReferralFactory.create(sender=unit, recipient=PlatformFactory.create(), state=State.RECEIVED)
        return unit


@pytest.fixture
def author(unit):
    with acting_as(AS_OWNER):
        return member(unit, Role.ADMINISTRATOR)


def write_a_line(page: Page) -> None:
    page.get_by_label("Urgency").select_option(label="Within a day")
    page.get_by_label("Within", exact=True).fill("2")


def test_targets_are_set_without_scripts(browser: Browser, live_server, unit, author):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    context.add_cookies([session_cookie(author, live_server.url)])
    page = context.new_page()
    page.goto("/policies/")
    page.get_by_role("link", name="Change the rules").click()
    write_a_line(page)
    page.get_by_role("button", name="Add a line").click()
    page.get_by_role("button", name="Take out line 2").click()
    page.get_by_label("What has changed, and why").fill("Agreed in spring.")
    page.get_by_label("What has changed, and why").press("Enter")  # the first button of the form: a preview
    expect(page.get_by_text("1 of your 1 open referrals would be due at another time")).to_be_visible()
    page.get_by_role("button", name="Save as version 1").click()
    expect(page.get_by_text("Version 1 counts for what is received from now on.")).to_be_visible()
    expect(page.get_by_role("cell", name="2 hours")).to_be_visible()
    with acting_as(AS_OWNER):
        newest = newest_of(unit.pk)
    assert newest is not None and [line.amount for line in newest.lines] == [2]
    context.close()


def test_the_editor_meets_wcag_in_each_of_its_states(page: Page, live_server, signed_in, author):
    signed_in(author)
    page.goto(live_server.url + "/policies/edit/")
    page.get_by_role("button", name="Preview what would change").click()
    expect(page.locator("#errors")).to_be_focused()
    assert list(problems_of(page)) == []
    write_a_line(page)
    page.get_by_role("button", name="Preview what would change").click()
    expect(page.get_by_role("button", name="Save as version 1")).to_be_visible()
    assert list(problems_of(page)) == []

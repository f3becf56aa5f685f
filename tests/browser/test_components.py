"""The component page in Chromium: what the look promises on every page that is built of these parts."""

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(live_server) -> str:
    return f"{live_server.url}/styleguide/"


@pytest.fixture
def shown(page: Page, address: str) -> Page:
    page.goto(address)
    page.evaluate("document.activeElement.blur()")
    return page


@pytest.fixture
def without_scripts(browser: Browser, address: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_meets_wcag(page: Page, address: str, axe, theme: str, width: int):
    page.set_viewport_size({"width": width, "height": 900})
    page.context.add_cookies([{"name": "theme", "value": theme, "url": address}])
    page.goto(address)
    assert axe(page) == []


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1440])
def test_never_scrolls_sideways(page: Page, address: str, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_shows_the_table_where_a_chart_would_be_too_small(page: Page, address: str):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(address)
    expect(page.locator("#sg-columns-title").locator("..")).to_be_hidden()
    expect(page.get_by_role("region", name="Numbers: Items by month and outcome")).to_be_visible()


class TestAppearance:
    def test_changes_at_once_and_stays(self, shown: Page):
        shown.locator("summary", has_text="Appearance").click()
        shown.get_by_role("button", name="Dark").click()
        expect(shown.locator("html")).to_have_attribute("data-theme", "dark")
        shown.reload()
        expect(shown.locator("html")).to_have_attribute("data-theme", "dark")

    def test_changes_without_scripts(self, without_scripts: Page):
        without_scripts.locator("summary", has_text="Appearance").click()
        without_scripts.get_by_role("button", name="Compact").click()
        expect(without_scripts.locator("html")).to_have_attribute("data-density", "compact")


class TestMenus:
    def test_stay_open_while_a_label_inside_is_pressed(self, shown: Page):
        shown.locator("summary", has_text="State").click()
        shown.locator(".drop label", has_text="Received").click()
        expect(shown.get_by_label("Received", exact=True)).to_be_checked()

    def test_close_on_escape_and_give_the_focus_back(self, shown: Page):
        summary = shown.locator("summary", has_text="Your account")
        summary.click()
        shown.keyboard.press("Escape")
        expect(shown.get_by_role("button", name="Sign out")).to_be_hidden()
        expect(summary).to_be_focused()

    def test_hold_the_navigation_on_a_phone(self, page: Page, address: str):
        page.set_viewport_size({"width": 390, "height": 800})
        page.goto(address)
        link = page.get_by_role("link", name="Monitoring")
        expect(link).to_be_hidden()
        page.locator(".side-menu summary").click()
        expect(link).to_be_visible()


class TestKeyboard:
    def test_walks_selects_and_counts(self, shown: Page):
        for key in "jjx":
            shown.keyboard.press(key)
        expect(shown.locator("tr.here")).to_contain_text("Incitement to violence")
        expect(shown.locator("[data-selected]")).to_have_text("Selected: 1")

    def test_stays_silent_while_somebody_types(self, shown: Page):
        shown.keyboard.press("/")
        shown.keyboard.type("jx?")
        expect(shown.get_by_role("searchbox")).to_have_value("jx?")
        expect(shown.locator("tr.here")).to_have_count(0)

    def test_explains_itself(self, shown: Page):
        shown.keyboard.press("?")
        expect(shown.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
        shown.keyboard.press("Escape")
        expect(shown.get_by_role("dialog")).to_have_count(0)


class TestSelection:
    def test_takes_all_rows_at_once(self, shown: Page):
        shown.get_by_label("Select all on this page").check()
        expect(shown.locator("[data-selected]")).to_have_text("Selected: 6")

    def test_offers_its_acts_without_scripts(self, without_scripts: Page):
        expect(without_scripts.get_by_role("button", name="Confirm receipt")).to_be_visible()


class TestDialog:
    def test_opens_over_the_page(self, shown: Page):
        shown.get_by_role("link", name="Ask the sender").click()
        expect(shown.get_by_role("dialog", name="Ask the sender")).to_be_visible()

    def test_opens_and_closes_without_scripts(self, without_scripts: Page):
        without_scripts.get_by_role("link", name="Ask the sender").click()
        expect(without_scripts.get_by_label("Question")).to_be_visible()
        without_scripts.locator("#sample-dialog [data-close]").click()
        expect(without_scripts.get_by_label("Question")).to_be_hidden()


def test_takes_the_reader_to_the_errors(page: Page, address: str):
    page.goto(address)
    expect(page.get_by_role("alert").filter(has_text="Nothing was saved")).to_be_focused()

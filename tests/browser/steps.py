"""What people do on a page, each step as a function of the page."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.scene import ALERTS

Step = Callable[[Page], None]

PASTE = """https://video.example/watch/1 a remark
https://video.example/watch/1
https://nobody.example/
ftp://video.example/file
https://video.example/watch/2"""


def press(name: str) -> Step:
    return lambda page: page.get_by_role("button", name=name).first.click()


def open_link(name: str) -> Step:
    return lambda page: page.get_by_role("main").get_by_role("link", name=name).first.click()


def open_menu(name: str) -> Step:
    return lambda page: page.locator("summary", has_text=name).first.click()


def ask_for_keys(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def paste(page: Page) -> None:
    page.get_by_role("textbox", name="Addresses").fill(PASTE)
    expect(page.get_by_text("5 rows in all")).to_be_visible()


def select(act: str) -> Step:
    def choose(page: Page) -> None:
        page.wait_for_load_state()
        page.get_by_label("Select all on this page").check()
        page.get_by_role("button", name=act, exact=True).click()

    return choose


def upload(page: Page) -> None:
    page.get_by_label("File", exact=True).set_input_files(ALERTS.path)
    page.get_by_role("button", name="Continue").click()


def upload_and_check(page: Page) -> None:
    upload(page)
    page.wait_for_load_state()
    page.get_by_label("Area").select_option(label="Hate speech")
    expect(page.get_by_label("Category", exact=True)).not_to_have_value("")
    page.get_by_label("Reasons", exact=True).fill("Calls for violence.")
    page.get_by_role("button", name="Check the rows").click()
    expect(page.get_by_role("heading", name="Every row")).to_be_visible()


def load_answers(page: Page) -> None:
    content = b"item,outcome\nI-TEST-1,REMOVED\n,NO_ACTION\nI-TEST-2,\n"
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "answers.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Outcome", exact=True)).to_have_value("1")


def load_and_check_answers(page: Page) -> None:
    load_answers(page)
    page.get_by_role("button", name="Check the rows").click()
    expect(page.get_by_role("heading", name="Every row")).to_be_visible()


def choose_outcome(page: Page) -> None:
    page.get_by_role("radio", name="Access disabled in some countries").check()
    expect(page.get_by_role("group", name="Countries")).to_be_visible()


def record(page: Page) -> None:
    page.get_by_role("radio", name="Not found").check()
    page.get_by_role("button", name="Record").first.click()
    expect(page.get_by_role("heading", name="recorded")).to_be_visible()


def make_token(page: Page) -> None:
    page.get_by_label("Name", exact=True).fill("Import")
    page.get_by_label("See referrals").check()
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_text("shown only this once")).to_be_visible()


def invite(page: Page) -> None:
    page.get_by_label("E-mail address").fill("new@people.example")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("new@people.example").first).to_be_visible()


def only_look(page: Page) -> None:
    """The address alone shows it."""

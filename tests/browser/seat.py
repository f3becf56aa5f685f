from dataclasses import dataclass

from playwright.sync_api import Page, expect

from apps.accounts.models import User
from tests.factories.people import PASSWORD
from tests.journeys.sheet import Sheet

TILES = {
    "I1": "Referrals",
    "I2": "Items",
    "I5": "Response rate",
    "I7": "Median time to decision",
    "I9": "Removed, of decided items",
    "I13": "Decided within 24 hours",
    "I23": "Open past the due time",
}


@dataclass
class Seat:
    """A place at a browser, taken by one person after the other."""

    page: Page
    address: str

    def sign_in(self, person: User) -> None:
        self.page.goto(self.address)
        self.page.get_by_label("E-mail address").fill(person.email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", name="My desk")).to_be_visible()

    def sign_out(self) -> None:
        self.page.locator("summary", has_text="Your account").click()
        self.page.get_by_role("button", name="Sign out").click()
        expect(self.page.get_by_role("heading", name="Sign in")).to_be_visible()

    def go(self, place: str) -> None:
        self.page.get_by_role("navigation", name="Main").get_by_role("link", name=place).click()

    def upload(self, sheet: Sheet) -> None:
        page = self.page
        page.get_by_role("link", name="Upload a file").click()
        page.get_by_label("File", exact=True).set_input_files(sheet.path)
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_label("Address", exact=True)).to_have_value(str(sheet.headings.index(sheet.columns["url"])))
        page.wait_for_load_state()
        page.get_by_label("Area").select_option(label="Illegal commercial practices")
        expect(page.get_by_label("Category", exact=True)).to_have_value("STATEMENT_CATEGORY_CONSUMER_INFORMATION")
        page.get_by_label("Reasons", exact=True).fill("Offers that promise what nobody delivers.")
        page.get_by_label("Within a day").check()
        page.get_by_label("Title").fill("A list from abroad")
        page.get_by_role("button", name="Check the rows").click()
        expect(page.get_by_text(f"{sum(sheet.counts)} rows can be filed.")).to_be_visible()
        page.get_by_role("button", name="Submit for approval").click()
        expect(page.get_by_role("heading", name="A list from abroad")).to_be_visible()

    def approve_all(self) -> None:
        self.go("Referrals")
        queue = self.page.get_by_role("navigation", name="Queues").get_by_role("link", name="For approval")
        queue.click()
        expect(queue).to_have_attribute("aria-current", "page")
        self.page.wait_for_load_state()
        self.page.get_by_label("Select all on this page").check()
        expect(self.page.locator("[data-selected]")).to_have_text("Selected: 3")
        self.page.get_by_role("button", name="Approve").click()
        expect(self.page.get_by_text("3 referrals were sent.")).to_be_visible()

    def choose_items(self, count: int) -> None:
        self.go("Items")
        self.page.wait_for_load_state()
        boxes = self.page.get_by_label("Select I-")
        for number in range(count):
            boxes.nth(number).check()
        expect(self.page.locator("[data-selected]")).to_have_text(f"Selected: {count}")
        self.page.get_by_role("button", name="Answer the selected items").click()

    def remove(self) -> None:
        page = self.page
        page.get_by_role("radio", name="Removed", exact=True).check()
        page.get_by_role("radio", name="Illegal content").check()
        page.get_by_label("Provision of law or clause of your terms").fill("Directive 2005/29/EC, Article 6")

    def leave_up(self) -> None:
        self.page.get_by_role("radio", name="No action").check()
        self.page.get_by_label("Reason for no action").select_option(label="Not illegal")

    def record(self, count: int) -> None:
        self.page.get_by_role("button", name="Record").first.click()
        words = "1 answer recorded" if count == 1 else f"{count} answers recorded"
        expect(self.page.get_by_role("heading", name=words)).to_be_visible()

    def read_figures(self) -> dict[str, str]:
        self.go("Monitoring")
        return {key: self._tile(label) for key, label in TILES.items()}

    def _tile(self, label: str) -> str:
        tile = self.page.locator(".kpi").filter(has=self.page.get_by_text(label, exact=True))
        return " ".join(tile.locator(".v").inner_text().split())

from collections.abc import Iterator

from playwright.sync_api import Page, ViewportSize

from tests.browser.axe import broken_rules

WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
COLOURS = ("color-contrast", "link-in-text-block")
SIZES = ("target-size", "scrollable-region-focusable")
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def problems_at(page: Page, address: str) -> list[str]:
    """Open a page and look at it from all sides; what is wrong, each with where."""
    response = page.goto(address)
    status = response.status if response else 0
    failed = [f"status {status}"] if status >= 500 else []
    return [f"{address}: {problem}" for problem in [*failed, *problems_of(page)]]


def problems_of(page: Page) -> Iterator[str]:
    """All rules in light colours, those of colours in dark ones, those of sizes on a phone; no scrolling sideways."""
    yield from broken_rules(page)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    yield from (f"dark: {problem}" for problem in broken_rules(page, rules=COLOURS))
    page.set_viewport_size(NARROW)
    yield from (f"narrow: {problem}" for problem in broken_rules(page, rules=SIZES))
    if (more := page.evaluate(TOO_WIDE)) > 0:
        yield f"narrow: {more} pixels wider than the screen"
    page.set_viewport_size(WIDE)
    page.evaluate("delete document.documentElement.dataset.theme")

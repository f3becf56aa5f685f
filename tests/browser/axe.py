from collections.abc import Sequence
from typing import Any

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page

STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOURS = ("color-contrast", "link-in-text-block")

_SCRIPT = AXE_FILE_PATH.read_text(encoding="utf-8")
_RUN = """async ([of, values]) => {
  const found = await axe.run({runOnly: {type: of, values}, resultTypes: ["violations"]});
  return found.violations.map(rule => `${rule.id}: ${rule.nodes.map(node => node.html).join(" | ")}`);
}"""


def broken_rules(page: Page, *, rules: Sequence[str] = ()) -> list[str]:
    """The rules a page breaks, each with the elements that break it: all of WCAG 2.2 AA, or the rules named."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_SCRIPT)
    asked: list[Any] = ["rule", list(rules)] if rules else ["tag", list(STANDARDS)]
    found: list[str] = page.evaluate(_RUN, asked)
    return found

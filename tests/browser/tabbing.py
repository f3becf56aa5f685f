from playwright.sync_api import Page

# Every control somebody can see and use; of the buttons of one question (radio) one is enough.
MARK = """() => {
  const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const groups = new Set();
  const wanted = [...document.querySelectorAll(controls)].filter((one) => {
    if (one.disabled || one.tabIndex < 0 || !one.checkVisibility({visibilityProperty: true})) return false;
    if (one.type !== "radio") return true;
    if (groups.has(one.name)) return false;
    return groups.add(one.name);
  });
  wanted.forEach((one, place) => one.dataset.stop = one.type === "radio" ? one.name : String(place));
  for (const one of document.querySelectorAll("input[type=radio]")) one.dataset.stop = one.name;
  return [...new Set(wanted.map((one) => one.dataset.stop))];
}"""
# Where the focus is, whether it shows, and whether anything lies over it (WCAG 2.4.7, 2.4.11).
HERE = """() => {
  const one = document.activeElement, {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(one);
  const box = one.getBoundingClientRect(), [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  const at = document.elementFromPoint(x, y);
  const around = one.closest("label, a, summary, .check, .choice label, .filedrop") ?? one;
  return {
    stop: one.dataset.stop ?? "",
    html: one.outerHTML.slice(0, 160),
    shows: (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none",
    free: !at || around.contains(at) || at.contains(one),
  };
}"""


def walk(page: Page) -> tuple[list[str], list[str]]:
    """What the Tab key does not reach, and where the focus cannot be seen."""
    wanted: list[str] = page.evaluate(MARK)
    reached, unseen = set(), []
    for _ in range(len(wanted) + 8):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        reached.add(here["stop"])
        if here["stop"] and not (here["shows"] and here["free"]):
            unseen.append(here["html"])
    missed = [stop for stop in wanted if stop not in reached]
    return [page.locator(f'[data-stop="{stop}"]').first.evaluate("one => one.outerHTML") for stop in missed], unseen

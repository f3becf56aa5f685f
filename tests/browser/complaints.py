from playwright.sync_api import ConsoleMessage, Page

OF_NO_CONCERN = (
    "was preloaded using link preload but not used",  # the machine was slow, says Chromium; nothing is wrong
)


def listen(page: Page) -> list[str]:
    """What the browser complains about on a page from now on: errors, warnings, a broken Content-Security-Policy."""
    said: list[str] = []
    page.on("console", lambda message: said.append(_words(message)) if _is_complaint(message, page) else None)
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    return said


def _is_complaint(message: ConsoleMessage, page: Page) -> bool:
    if message.type not in {"error", "warning"} or any(words in message.text for words in OF_NO_CONCERN):
        return False
    return not _is_the_page_itself(message, page)


def _is_the_page_itself(message: ConsoleMessage, page: Page) -> bool:
    """A page that is refused, missing or sent back with errors (403, 404, 422) is what was asked for."""
    refused = "Failed to load resource: the server responded with a status of 4" in message.text
    return refused and message.location["url"] == page.url


def _words(message: ConsoleMessage) -> str:
    return f"{message.location['url']}: {message.text}"

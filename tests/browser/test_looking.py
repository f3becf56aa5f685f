"""The looking itself: what is broken on purpose must be found."""

import pytest
from playwright.sync_api import Page

from tests.browser.axe import broken_rules
from tests.browser.looking import problems_of
from tests.browser.tabbing import walk

pytestmark = pytest.mark.browser

GOOD = """<!doctype html><html lang="en"><head><title>A page</title><meta name="viewport" content="width=device-width">
<style>[data-theme="dark"] p { color: #777; background: #666 }</style></head>
<body><main><h1>A page</h1>%s</main></body></html>"""


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ('<img src="data:,">', "image-alt"),
        ("<p>Grey on grey, in the dark.</p>", "dark: color-contrast"),
        ('<div style="inline-size: 500px; block-size: 9px">&nbsp;</div>', "narrow: 118 pixels"),
        ('<button style="all: unset">a</button><button style="all: unset">b</button>', "target-size"),
    ],
)
def test_what_is_broken_is_found(page: Page, content: str, found: str):
    page.set_content(GOOD % content)
    assert any(problem.startswith(found) for problem in problems_of(page))


def test_what_is_whole_is_not(page: Page):
    page.set_content(GOOD % "")
    assert broken_rules(page) == list(problems_of(page)) == []


class TestTabbing:
    def test_tells_what_is_not_reached(self, page: Page):
        page.set_content(GOOD % '<button onkeydown="event.preventDefault()">trap</button><button>beyond</button>')
        missed, _unseen = walk(page)
        assert [one.endswith(">beyond</button>") for one in missed] == [True]

    def test_tells_where_the_focus_does_not_show(self, page: Page):
        page.set_content(GOOD % '<button style="outline: none">one</button><button>two</button>')
        _missed, unseen = walk(page)
        assert unseen and all("one" in html for html in unseen)

    def test_tells_where_something_lies_over_it(self, page: Page):
        cover = '<div style="position: fixed; inset: 0"></div>'
        page.set_content(GOOD % f"<button>under</button>{cover}")
        assert walk(page)[1]

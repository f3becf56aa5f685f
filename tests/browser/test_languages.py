"""Every text goes through gettext: in a language without plain letters, a plain word is one that does not."""

from collections.abc import Iterator, Mapping

import pytest
from django.conf import settings as configured
from playwright.sync_api import Page

from apps.core.pseudo import LANGUAGE
from apps.tenancy.context import AS_OWNER, acting_as
from tests.matrix.untranslated import OF_MACHINES, SPOKEN, names_in_the_world, pages_of, plain_words, speak, texts_in
from tests.matrix.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PEOPLE = ["unit A officer", "unit A administrator", "platform P contact", "Commission analyst", "nobody"]
COLLECT = """([attributes, ofMachines]) => {
  const here = document.documentElement.lang, found = [document.title];
  const isOurs = element => !element.closest(ofMachines) && element.closest("[lang]").lang === here;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (isOurs(walker.currentNode.parentElement)) found.push(walker.currentNode.data);
  for (const element of document.querySelectorAll("*"))
    for (const name of attributes)
      if (element.hasAttribute(name) && isOurs(element)) found.push(element.getAttribute(name));
  for (const button of document.querySelectorAll("input[type=submit], input[type=button]")) found.push(button.value);
  return found;
}"""


@pytest.fixture(autouse=True)
def pseudo(settings) -> None:
    speak(settings)


@pytest.mark.parametrize("name", PEOPLE)
def test_pages_have_no_text_of_their_own(live_server, page: Page, signed_in, name):
    with acting_as(AS_OWNER):
        world = World()
        names, pages = names_in_the_world(), pages_of(world, world.people[name])
        signed_in(world.people[name].user)
    page.context.add_cookies(
        [{"name": configured.LANGUAGE_COOKIE_NAME, "value": LANGUAGE, "url": live_server.url}],
    )
    plain: dict[str, str] = {}
    for path in with_something_new(pages):
        page.goto(live_server.url + path, wait_until="domcontentloaded")
        assert page.locator("html").get_attribute("lang") == LANGUAGE, path
        plain |= dict.fromkeys(plain_words(texts_on(page), names), path)
    assert plain == {}
    assert len(pages) > 3


def with_something_new(pages: Mapping[str, str]) -> Iterator[str]:
    """The pages that say something none before them has said; the test of all of them is the one without a browser."""
    said: set[str] = set()
    for path, html in pages.items():
        texts = {text.strip() for text in texts_in(html)}
        if texts - said:
            yield path
        said |= texts


def texts_on(page: Page) -> list[str]:
    """Every text of a page in the page's language, hidden ones too, and those that only a screen reader says."""
    found: list[str] = page.evaluate(COLLECT, [list(SPOKEN), ",".join(OF_MACHINES)])
    return found

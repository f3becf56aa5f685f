"""Every page, for every kind of role, in light and dark, wide and on a phone: WCAG 2.2 AA as far as axe can tell."""

import pytest

from apps.tenancy.context import AS_OWNER, acting_as
from tests.browser.looking import problems_at
from tests.browser.pages import pages_of
from tests.matrix.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PEOPLE = [
    "unit A officer",
    "unit A reviewer",
    "unit A administrator",
    "platform P contact",
    "platform P administrator",
    "Commission analyst",
    "auditor",
    "nobody's member",
    "nobody",
]


@pytest.fixture
def world() -> World:
    with acting_as(AS_OWNER):
        return World()


@pytest.mark.parametrize("name", PEOPLE)
def test_every_page_meets_wcag(name, page, live_server, signed_in, world):
    person = world.people[name]
    signed_in(person.user)
    paths = pages_of(world, person)
    found = [problem for path in paths for problem in problems_at(page, live_server.url + path)]
    assert "\n".join(found) == ""

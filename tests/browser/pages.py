"""Which pages somebody has, read off the URL configuration: a new page is looked at without anyone remembering."""

import re
from collections.abc import Iterator

from django.test import Client
from django.urls import reverse

from tests.matrix.operations import Operation, operations, values_for
from tests.matrix.world import Person, Thing, World

PAGES_OF_THE_API = {"api:docs"}
OF_TESTS = {"portal:styleguide"}  # test_components.py looks at it
ELEMENT = re.compile(rb'<([a-z][a-z0-9-]*)(?:[^>]*? class="([^"]*)")?')

Shape = frozenset[tuple[bytes, bytes]]
_looked_at: set[Shape] = set()


def pages_of(world: World, person: Person) -> Iterator[str]:
    """Every address that shows this person a page when it is opened, whatever its status."""
    client = Client(raise_request_exception=False)
    if person.user:
        client.force_login(person.user)
    for operation in operations():
        if _is_page(operation):
            path = reverse(operation.name, kwargs=values_for(operation, _own(world, person)))
            shape = _shape(client, path)
            if shape and shape not in _looked_at:
                _looked_at.add(shape)
                yield path


def _is_page(operation: Operation) -> bool:
    is_ours = not operation.is_api or operation.name in PAGES_OF_THE_API
    return is_ours and operation.method == "get" and operation.name not in OF_TESTS


def _own(world: World, person: Person) -> Thing:
    organisation = person.organisation.pk if person.organisation else None
    things = (world.a_to_p, world.a_to_q, world.b_to_q)
    return next((thing for thing in things if organisation in thing.owners), things[0])


def _shape(client: Client, path: str) -> Shape | None:
    """Which elements a page is made of; two of the same shape (every refusal, say) need not both be looked at."""
    response = client.get(path)
    if response.status_code == 405 or response.streaming or b"<html" not in response.content:
        return None
    return frozenset(ELEMENT.findall(response.content))

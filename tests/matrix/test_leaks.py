"""Every operation × every person × their own thing, another tenant's, one that does not exist: nothing leaks.

Three runs: with both nets, with row-level security alone (managers and `visible_to` let everything pass), and with the
managers alone (the database is asked as the owner, whom no policy binds).
"""

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from apps.referrals import querysets
from apps.tenancy import context, managers
from tests.matrix.operations import Operation, operations, values_for
from tests.matrix.world import Person, Thing, World

NETS = ("both nets", "rows alone", "managers alone")
PEOPLE = [
    "unit A officer",
    "unit A reviewer",
    "unit A administrator",
    "unit B officer",
    "unit B administrator",
    "flagger officer",
    "platform P contact",
    "platform P administrator",
    "platform Q contact",
    "Commission analyst",
    "Commission administrator",
    "auditor",
    "nobody's member",
    "nobody",
]
OPERATIONS = operations()
CHANGING = re.compile(rb'csrfmiddlewaretoken" value="[^"]+"|"request_id": ?"[^"]+"|[0-9a-f]{32}')
WITHOUT_ROWS = {"portal:styleguide"}
DIRECTORY = {
    "api:platform",
    "portal:platform",
    "portal:policy",
}  # public facts: that a platform is listed is told to every sender
FORM = {"text": "A reason.", "references": [], "item": [], "role": "officer", "name": "x", "note": "x"}


@pytest.fixture
def nets(request, monkeypatch):
    if request.param == "rows alone":
        take_down_managers(monkeypatch)
    if request.param == "managers alone":
        take_down_rows(monkeypatch)
    return request.param


def take_down_managers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(managers, "rows_of", lambda rows, context: rows)
    for queryset in (querysets.CaseQuerySet, querysets.ReferralQuerySet, querysets.ItemQuerySet):
        monkeypatch.setattr(queryset, "visible_to", lambda self, principal: self.all())


def take_down_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "_role", lambda context: "none")


@pytest.fixture
def world() -> World:
    return World()


def things(world: World, person: Person) -> Iterator[tuple[str, Thing | None]]:
    """The thing a person may see, one they may not, and none."""
    every = [world.a_to_p, world.a_to_q, world.b_to_q, world.draft, world.in_review]
    mine = [t for t in every if person.organisation and person.organisation.pk in t.owners]
    others = [t for t in every if t not in mine]
    yield from [("own", thing) for thing in mine[:1]]
    yield from [("other's", thing) for thing in others[:2]]
    yield "missing", None


def targets(world: World, person: Person, operation: Operation) -> list[tuple[str, Thing | None]]:
    return list(things(world, person)) if operation.parameters else [("list", None)]


def ask(client: Client, person: Person, operation: Operation, thing: Thing | None):
    path = reverse(operation.name, kwargs=values_for(operation, thing))
    headers = {"authorization": f"Bearer {person.token}"} if operation.is_api and person.token else {}
    with transaction.atomic():
        if operation.is_api and operation.method == "post":
            headers["idempotency-key"] = "matrix"
            response = client.post(path, {"text": "A reason."}, content_type="application/json", headers=headers)
        else:
            response = getattr(client, operation.method)(
                path, FORM if operation.method == "post" else {}, headers=headers
            )
        body = response.getvalue() if response.streaming else response.content
        transaction.set_rollback(True)
    return response, body


def told(response, body: bytes) -> bytes:
    """Everything a response tells: its body and headers."""
    return body + repr(sorted(response.headers.items())).encode()


def leaks_to(person: Person, world: World, client: Client) -> tuple[list[str], int]:
    """What a person is told that is not theirs, over all operations; and how many answers were looked at."""
    checks, leaks = 0, []
    client.raise_request_exception = False
    if person.user:
        client.force_login(person.user)
    for operation in OPERATIONS:
        found = {}
        for kind, thing in targets(world, person, operation):
            response, body = ask(client, person, operation, thing)
            checks += 1
            foreign = [w for w in world.canaries - person.canaries if w.encode() in told(response, body)]
            leaks += [f"{operation} {kind}: {word}" for word in foreign]
            if response.status_code >= 500:
                leaks.append(f"{operation} {kind}: {response.status_code}")
            found[kind] = (response.status_code, without_names(operation, thing, body))
        apart = "other's" in found and found["other's"] != found["missing"]
        if apart and operation.name not in DIRECTORY:
            statuses = found["other's"][0], found["missing"][0]
            leaks.append(f"{operation}: another's thing and a missing one are told apart: {statuses}")
    return leaks, checks


def without_names(operation: Operation, thing: Thing | None, body: bytes) -> bytes:
    """An answer without what changes each time, and without what was asked for: repeating that tells nothing."""
    kept = CHANGING.sub(b"", body)
    for parameter in operation.parameters:
        asked, missing = (str(values_for(operation, one)[parameter]).encode() for one in (thing, None))
        kept = kept.replace(asked, missing)
    return kept


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("nets", NETS, indirect=True)
def test_nobody_is_told_what_is_not_theirs(nets, name, world, client):
    leaks, checks = leaks_to(world.people[name], world, client)

    assert leaks == []
    assert checks >= len(OPERATIONS)


@pytest.mark.parametrize("name", ["unit B officer", "platform P contact"])
def test_without_both_nets_the_matrix_finds_leaks(name, world, client, monkeypatch):
    """The check checked: what holds tenants apart are the nets, and their absence shows."""
    take_down_managers(monkeypatch)
    take_down_rows(monkeypatch)

    leaks, _checks = leaks_to(world.people[name], world, client)

    assert len(leaks) > 10


def test_the_matrix_is_large_enough():
    """Counts what the runs above ask: operations with a path for own, two others' and missing, the rest once."""
    with_path = sum(bool(operation.parameters) for operation in OPERATIONS)
    per_person = 3 * with_path + (len(OPERATIONS) - with_path)
    assert len(PEOPLE) * per_person * len(NETS) >= 2_000

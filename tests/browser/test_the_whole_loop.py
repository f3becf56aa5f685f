"""The story of `tests/journeys/test_the_whole_loop.py`, clicked through in Chromium by everybody who takes part."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.deadlines.management.commands.sweep import sweep
from apps.statistics.tasks import refresh
from apps.tenancy.context import AS_OWNER, acting_as
from tests.browser.seat import Seat
from tests.journeys.people import Program
from tests.journeys.scene import (
    ANSWER_BY_API,
    COUNTED,
    FILED,
    FIRST_ANSWER,
    OVERDUE,
    REAL_TAKEDOWNS,
    SECOND_ANSWER,
    SENT,
    TAKEDOWNS,
    Scene,
    counted_by_hand,
)
from tests.journeys.sheet import Count, on_paper

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UNITS = {"I5": "%", "I9": "%", "I13": "%", "I7": "h"}


@pytest.fixture(
    params=[
        pytest.param(TAKEDOWNS, id="own list"),
        pytest.param(REAL_TAKEDOWNS, id="real list", marks=pytest.mark.shared_fixtures),
    ]
)
def scene(request: pytest.FixtureRequest) -> Scene:
    with acting_as(AS_OWNER):
        return Scene(request.param)


@pytest.fixture
def seat(page: Page, live_server) -> Seat:
    return Seat(page, live_server.url)


def test_from_a_list_of_addresses_to_the_figures(seat, scene):
    with time_machine.travel(FILED), signed_in(seat, scene.officer):
        seat.upload(scene.sheet)
    with time_machine.travel(SENT), signed_in(seat, scene.reviewer):
        seat.approve_all()
    answer_by_clicking(seat, scene)
    with time_machine.travel(ANSWER_BY_API):
        answer_by_api(scene)
    with time_machine.travel(OVERDUE), signed_in(seat, scene.third):
        assert [sweep()["deadlines.chase"], sweep()["deadlines.chase"]] == [4, 0]
        seat.go("Overdue")
        expect(seat.page.get_by_role("main")).to_contain_text("Examplia Referral Unit")
    with time_machine.travel(COUNTED):
        refresh()
        for person in (scene.officer, scene.analyst):
            with signed_in(seat, person):
                assert seat.read_figures() == written(counted_by_hand(scene.sheet))


@contextmanager
def signed_in(seat: Seat, person: User) -> Iterator[None]:
    seat.sign_in(person)
    yield
    seat.sign_out()


def answer_by_clicking(seat: Seat, scene: Scene) -> None:
    removed, refused = scene.sheet.answers
    with time_machine.travel(FIRST_ANSWER):
        seat.sign_in(scene.first)
        seat.choose_items(removed)
        seat.remove()
        seat.record(removed)
    with time_machine.travel(SECOND_ANSWER):
        seat.choose_items(refused)
        seat.leave_up()
        seat.record(refused)
        seat.sign_out()


def answer_by_api(scene: Scene) -> None:
    with acting_as(AS_OWNER):
        program = Program(scene.token(scene.second))
    items = [row["reference"] for row in program.get("items/")["results"]]
    law = {"ground": "DECISION_GROUND_ILLEGAL_CONTENT", "legal_ground": "Directive 2005/29/EC, Article 6"}
    rows = program.post("items/answer/", {"answers": [{"item": i, "outcome": "DEMOTED", **law} for i in items]})["rows"]
    assert [row["result"] for row in rows] == ["decided"] * scene.sheet.counts[1]


def written(by_hand: Count) -> dict[str, str]:
    return {key: on_paper(value, UNITS.get(key, "")) for key, value in by_hand.values.items()}

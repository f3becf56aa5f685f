"""Filed from a list, approved by a second person, answered in part, the rest chased, and counted.

On a list of take-down requests and on another system's export; on our own files of these shapes, and on the real ones
where they are at hand. What is counted is held against a count of the file by hand (`sheet.py`).
"""

import csv
import re
from dataclasses import dataclass, field

import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.deadlines.management.commands.sweep import sweep
from apps.referrals.models import Item
from apps.statistics.tasks import refresh
from apps.tenancy.context import AS_OWNER, acting_as
from tests.journeys.people import Program, Visitor, references, table_rows
from tests.journeys.scene import (
    ALERTS,
    ANSWER_BY_API,
    COUNTED,
    FILED,
    FIRST_ANSWER,
    OVERDUE,
    REAL_ALERTS,
    REAL_TAKEDOWNS,
    SECOND_ANSWER,
    SENT,
    TAKEDOWNS,
    Scene,
    counted_by_hand,
)
from tests.journeys.sheet import Count, Sheet, on_paper

pytestmark = pytest.mark.django_db(transaction=True)

ENVELOPE = {
    "instrument": "referral",
    "area": "commercial_practices",
    "category": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
    "urgency": "day",
    "reasons": "Offers that promise what nobody delivers.",
    "language": "en",
    "tlp": "amber",
    "pap": "amber",
    "title": "A list from abroad",
}
LAW = {"ground": "DECISION_GROUND_ILLEGAL_CONTENT", "legal_ground": "Directive 2005/29/EC, Article 6"}
INDICATORS = ("I1", "I2", "I5", "I7", "I9", "I13", "I23")
UNITS = {"I5": "%", "I9": "%", "I13": "%", "I7": "h"}


@dataclass
class Story:
    """One list on its way. Each step says when it happens; who acts has signed in for it."""

    sheet: Sheet
    scene: Scene = field(init=False)
    case: str = ""

    def __post_init__(self) -> None:
        with acting_as(AS_OWNER):
            self.scene = Scene(self.sheet)

    @time_machine.travel(FILED, tick=False)
    def is_filed(self) -> None:
        officer, sheet = Visitor(self.scene.officer), self.sheet
        content = SimpleUploadedFile(sheet.path.name, sheet.path.read_bytes(), content_type="text/csv")
        officer.send("/cases/upload/", file=content)
        columns = {field: str(sheet.headings.index(heading)) for field, heading in sheet.columns.items()}
        page = officer.send(officer.place, **ENVELOPE, **columns, dates=sheet.dates, act="describe")
        assert f"{sum(sheet.counts)} rows can be filed." in " ".join(page.split())
        assert not self.items()
        page = officer.send(officer.place.replace("/check/", "/file/"), act="submit")
        assert ENVELOPE["title"] in page
        self.case = officer.place.split("/")[2]
        self.left_over = list(csv.DictReader(officer.open(f"/cases/{self.case}/leftovers.csv").splitlines()))

    @time_machine.travel(SENT, tick=False)
    def is_approved_by_a_second_person(self) -> None:
        officer, reviewer = Visitor(self.scene.officer), Visitor(self.scene.reviewer)
        waiting = references(reviewer.open("/referrals/?state=in_review"), "reference")
        assert len(waiting) == 3 and not mail.outbox
        refused = officer.client.post("/referrals/act/", {"act": "approve", "reference": waiting})
        assert refused.status_code == 403
        reviewer.send("/referrals/act/", act="approve", reference=waiting)
        sweep()

    def is_answered_on_the_web(self, count: int, **answer: str) -> None:
        contact = Visitor(self.scene.first)
        chosen = references(contact.open("/items/"), "item")[:count]
        contact.open(f"/items/answer/?{'&'.join(f'item={reference}' for reference in chosen)}")
        page = contact.send("/items/answer/", item=chosen, **answer)
        assert contact.place == "/items/answered/" and f"{count} answer" in page

    @time_machine.travel(ANSWER_BY_API, tick=False)
    def is_answered_by_another_system(self) -> None:
        system = Program(self.token(self.scene.second))
        items = [row["reference"] for row in system.get("items/", state="open")["results"]]
        answers = [{"item": reference, "outcome": "DEMOTED", **LAW} for reference in items]
        results = system.post("items/answer/", {"answers": answers})["rows"]
        assert [row["result"] for row in results] == ["decided"] * self.sheet.counts[1]

    def token(self, person) -> str:
        with acting_as(AS_OWNER):
            return self.scene.token(person)

    def items(self) -> list[Item]:
        with acting_as(AS_OWNER):
            return list(Item.objects.select_related("recipient").order_by("pk"))


def play(sheet: Sheet) -> tuple[Story, Count]:
    """The loop up to the last answer; and what came of it by hand."""
    story, (removed, refused) = Story(sheet), sheet.answers
    story.is_filed()
    story.is_approved_by_a_second_person()
    with time_machine.travel(FIRST_ANSWER, tick=False):
        story.is_answered_on_the_web(removed, outcome="REMOVED", **LAW)
    with time_machine.travel(SECOND_ANSWER, tick=False):
        story.is_answered_on_the_web(refused, outcome="NO_ACTION", refusal_reason="NOT_ILLEGAL")
    story.is_answered_by_another_system()
    return story, counted_by_hand(sheet)


@pytest.fixture(
    params=[
        pytest.param(TAKEDOWNS, id="take-downs"),
        pytest.param(ALERTS, id="alerts"),
        pytest.param(REAL_TAKEDOWNS, id="real take-downs", marks=pytest.mark.shared_fixtures),
        pytest.param(REAL_ALERTS, id="real alerts", marks=pytest.mark.shared_fixtures),
    ]
)
def sheet(request: pytest.FixtureRequest) -> Sheet:
    found: Sheet = request.param
    return found


def test_from_a_list_of_addresses_to_the_figures(sheet):
    story, by_hand = play(sheet)

    # Every row of the file is an item, or was given back with a reason.
    items = story.items()
    for host, platform in zip(sheet.hosts, story.scene.platforms, strict=True):
        own = {item.url_raw for item in items if item.recipient_id == platform.pk}
        assert len(own) == len(sheet.items(host)) and all(host in url for url in own)
    assert len(items) + len(story.left_over) == len(sheet.rows)
    assert sorted(item.published_on for item in items if item.published_on) == sheet.published

    # The platforms were told, once each, and nothing of the content stands in their mail.
    told = [message for message in mail.outbox if "contact@" in message.to[0]]
    assert len({message.to[0] for message in told}) == 3
    assert not any(item.url_raw in message.body for message in told for item in items)

    # What is late is chased, and once.
    mail.outbox.clear()
    with time_machine.travel(OVERDUE, tick=False):
        assert sweep()["deadlines.chase"] == 4, "before and at the due time, of two referrals"
        assert sweep()["deadlines.chase"] == 0
    late = {f"contact@{platform.slug}.example" for platform in (story.scene.platforms[0], story.scene.platforms[2])}
    assert {message.to[0] for message in mail.outbox} == late

    # The figures, on the page and by API, are those counted by hand.
    with time_machine.travel(COUNTED, tick=False):
        refresh()
        for person in (story.scene.officer, story.scene.analyst):
            assert shown_on_the_dashboard(Visitor(person)) == written(by_hand)
            assert told_by_the_api(Program(story.token(person)), by_hand) == exact(by_hand)
        own = Count(by_hand.items[1:2], 0, by_hand.minutes[-by_hand.items[1] :])
        assert shown_on_the_dashboard(Visitor(story.scene.second)) == written(own)


def shown_on_the_dashboard(visitor: Visitor) -> dict[str, str]:
    """The table of all indicators: the number of each stands behind its name, its value beside it."""
    found = {}
    for name, value, *_more in table_rows(visitor.open("/monitoring/")):
        if number := re.search(r" (I\d+)", name):
            found[number.group(1)] = value
    return {key: found[key] for key in INDICATORS}


def written(by_hand: Count) -> dict[str, str]:
    return {key: on_paper(value, UNITS.get(key, "")) for key, value in by_hand.values.items()}


def told_by_the_api(program: Program, by_hand: Count) -> dict[str, object]:
    """The API's answers to what the count by hand has a figure for."""
    march = {"from": "2026-03", "to": "2026-03"}
    found = {key: program.get(f"statistics/{key}/", **march)["total"] for key in by_hand.values}
    shares = {key: (found[key]["numerator"], found[key]["denominator"]) for key in by_hand.shares}
    buckets = {part["key"]: part["numerator"] for part in found["I13"]["parts"]}
    return {
        "values": {key: one["value"] for key, one in found.items()},
        "shares": shares,
        "buckets": {key: buckets[key] for key in by_hand.buckets},
    }


def exact(by_hand: Count) -> dict[str, object]:
    values = {key: pytest.approx(value, abs=0.005) for key, value in by_hand.values.items()}
    return {"values": values, "shares": by_hand.shares, "buckets": by_hand.buckets}

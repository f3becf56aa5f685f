from datetime import timedelta

import pytest
import time_machine

from apps.accounts.roles import Role
from apps.referrals.models import Decision, Item
from apps.referrals.transitions import State
from tests.api.conftest import refusal
from tests.factories import PlatformFactory, ReferralFactory
from tests.factories.referrals import MONDAY


def references(response) -> list[str]:
    return [row["reference"] for row in response.json()["results"]]


def items_of(referral) -> list[str]:
    return list(referral.items.order_by("pk").values_list("reference", flat=True))


class TestWorklist:
    def test_of_a_platform_is_what_is_open_due_first(self, contact, video):
        later = ReferralFactory.create(recipient=video, state=State.RECEIVED, due_at=MONDAY + timedelta(days=3))
        unstarted = ReferralFactory.create(recipient=video, state=State.SENT)
        sooner = ReferralFactory.create(recipient=video, state=State.RECEIVED, due_at=MONDAY + timedelta(days=1))
        ReferralFactory.create(recipient=video, state=State.ANSWERED)
        assert references(contact.get("items/")) == items_of(sooner) + items_of(later) + items_of(unstarted)

    def test_of_a_platform_shows_everything_when_it_is_asked_for(self, contact, video):
        answered = ReferralFactory.create(recipient=video, state=State.ANSWERED, items=2)
        for query in ({"referral": answered.reference}, {"state": "decided"}, {"outcome": "REMOVED"}):
            assert set(references(contact.get("items/", query))) == set(items_of(answered))
        assert references(contact.get("items/", {"order": "newest"})) == items_of(answered)[::-1]

    def test_of_one_referral_is_in_the_order_of_its_rows(self, contact, officer, unit, video):
        referral = ReferralFactory.create(sender=unit, recipient=video, state=State.ANSWERED, items=3)
        for client in (contact, officer):
            assert references(client.get("items/", {"referral": referral.reference})) == items_of(referral)

    def test_of_a_sender_is_its_own_addresses_newest_first(self, officer, unit):
        ReferralFactory.create(state=State.SENT)
        mine = ReferralFactory.create(sender=unit, items=3)
        assert references(officer.get("items/")) == items_of(mine)[::-1]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"host": "one.example"}, {"late", "early"}),
            ({"host": "www.one.example"}, {"early"}),
            ({"host": "ne.example"}, set()),
            ({"external_id": "x-1"}, {"late"}),
            ({"overdue": "true"}, {"late"}),
            ({"overdue": "false"}, {"early"}),
            ({"due_before": "2026-03-04"}, {"late"}),
            ({"state": "open", "overdue": "true"}, {"late"}),
            ({"referral": "R-0000-0000-0"}, set()),
        ],
        ids=lambda one: "-".join(sorted(one)) if isinstance(one, set) else str(one),
    )
    def test_is_narrowed(self, contact, video, query, found):
        late = ReferralFactory.create(recipient=video, state=State.RECEIVED, items__host="one.example")
        early = ReferralFactory.create(
            recipient=video, state=State.RECEIVED, due_at=MONDAY + timedelta(days=9), items__host="www.one.example"
        )
        Item.objects.filter(referral=late).update(external_id="x-1")
        names = {items_of(late)[0]: "late", items_of(early)[0]: "early"}
        with time_machine.travel(MONDAY + timedelta(days=2), tick=False):
            assert {names[one] for one in references(contact.get("items/", query))} == found

    @pytest.mark.parametrize("count", [1, 7])
    def test_takes_the_same_number_of_queries_however_long(self, contact, video, count, django_assert_num_queries):
        ReferralFactory.create_batch(count, recipient=video, state=State.ANSWERED, items=2)
        contact.get("me/")
        with django_assert_num_queries(10):  # token; savepoint, context; page, log, receipt, decisions, tracking; …
            contact.get("items/", {"state": "decided"})


class TestAnswers:
    def test_are_taken_item_by_item(self, contact, officer, unit, video):
        referral = ReferralFactory.create(sender=unit, recipient=video, state=State.RECEIVED, items=2)
        first, second = items_of(referral)
        removal = {
            "item": first,
            "outcome": "REMOVED",
            "ground": "DECISION_GROUND_ILLEGAL_CONTENT",
            "legal_ground": "Section 91",
            "acted_at": "2026-03-02T12:00:00+01:00",
            "automated_detection": False,
        }
        rows = contact.post("items/answer/", {"answers": [removal, refusal(second)]}).json()["rows"]
        assert [(row["row"], row["item"], row["result"]) for row in rows] == [
            (0, first, "decided"),
            (1, second, "decided"),
        ]
        referral.refresh_from_db()
        assert referral.state == State.ANSWERED
        shown = {row["reference"]: row for row in officer.get("items/").json()["results"]}
        assert shown[first]["decision"]["legal_ground"] == "Section 91"
        assert shown[first]["decision"]["acted_at"] == "2026-03-02T11:00:00Z"
        assert shown[second]["outcome"] == "NO_ACTION"
        assert set(Decision.objects.values_list("channel", flat=True)) == {"api"}

    def test_each_have_their_own_result(self, contact, video):
        mine = items_of(ReferralFactory.create(recipient=video, state=State.RECEIVED, items=3))
        (theirs,) = items_of(ReferralFactory.create(recipient=PlatformFactory(), state=State.RECEIVED))
        answers = [
            refusal(mine[0]),
            refusal(mine[0]),
            refusal(theirs),
            refusal("I-0000-0000-0000-0"),
            {"item": mine[1], "outcome": "REMOVED"},
            {"item": mine[1], "outcome": "VANISHED"},
            {**refusal(mine[1]), "colour": "red"},
            {**refusal(mine[1]), "acted_at": "yesterday"},
            {**refusal(mine[1]), "automated_detection": "no"},
            {"outcome": "REMOVED"},
            "REMOVED",
            refusal(mine[2]),
        ]
        rows = contact.post("items/answer/", {"answers": answers}).json()["rows"]
        assert [row["row"] for row in rows] == list(range(len(answers)))
        assert [row["code"] or row["result"] for row in rows] == [
            "decided",
            "answered_twice",
            "not_found",
            "not_found",
            "ground_required",
            "unknown_outcome",
            "unknown_field",
            "invalid",
            "invalid",
            "invalid",
            "not_an_object",
            "decided",
        ]
        assert rows[2]["detail"] == rows[3]["detail"]
        assert Decision.objects.count() == 2

    def test_that_look_alike_and_differ_in_a_type_are_told_apart(self, contact, video):
        items = items_of(ReferralFactory.create(recipient=video, state=State.RECEIVED, items=4))
        given = [True, 1, "true", 1.0]
        answers = [{**refusal(item), "automated_detection": one} for item, one in zip(items, given, strict=True)]
        rows = contact.post("items/answer/", {"answers": answers}).json()["rows"]
        assert [row["code"] or row["result"] for row in rows] == ["decided", "invalid", "invalid", "invalid"]

    @pytest.mark.parametrize("count", [3, 500])
    def test_cost_the_same_for_any_number_of_items(self, contact, video, count, django_assert_num_queries):
        items = items_of(ReferralFactory.create(recipient=video, state=State.RECEIVED, items=count))
        body = {"answers": [refusal(item) for item in items]}
        contact.get("me/")
        with django_assert_num_queries(17):
            rows = contact.post("items/answer/", body).json()["rows"]
        assert {row["result"] for row in rows} == {"decided"} and len(rows) == count

    def test_may_correct_an_earlier_one(self, contact, video):
        (item,) = items_of(ReferralFactory.create(recipient=video, state=State.ANSWERED))
        (row,) = contact.post("items/answer/", {"answers": [refusal(item)]}).json()["rows"]
        assert row["result"] == "corrected"

    def test_come_a_thousand_at_most(self, contact):
        response = contact.post("items/answer/", {"answers": [{}] * 1001})
        assert (response.status_code, response.json()["code"]) == (422, "too_many_rows")

    def test_are_a_platforms_alone(self, officer):
        assert officer.post("items/answer/", {"answers": []}).status_code == 403

    def test_are_not_an_administrators(self, api, video):
        assert api(video, Role.ADMINISTRATOR).post("items/answer/", {"answers": []}).status_code == 403

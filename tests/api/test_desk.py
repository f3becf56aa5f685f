from datetime import timedelta

import pytest
import time_machine

from apps.accounts.roles import Role
from apps.referrals.models import Tracking
from apps.referrals.transitions import State
from tests.factories import ReferralFactory, member
from tests.factories.referrals import MONDAY

WORDS = ("T-5512", "colleague@video.example")


@pytest.fixture
def referral(unit, video):
    return ReferralFactory.create(
        sender=unit, recipient=video, state=State.RECEIVED, items=2, due_at=MONDAY + timedelta(days=3)
    )


@pytest.fixture
def items(referral):
    return list(referral.items.order_by("pk").values_list("reference", flat=True))


@pytest.fixture
def colleague(video):
    return member(video, Role.CONTACT_POINT, email="colleague@video.example")


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


def rows(response):
    assert response.status_code == 200, response.content
    return [(row["item"], row["code"] or row["result"]) for row in response.json()["rows"]]


def tracking(client, **query):
    return {row["reference"]: row["tracking"] for row in client.get("items/", query).json()["results"]}


class TestArrangements:
    def test_show_in_the_platforms_own_list(self, contact, items, colleague):
        one, two = items
        assert rows(contact.post("items/assign/", {"items": [one], "assignee": colleague.email})) == [(one, "done")]
        assert rows(contact.post("items/number/", {"numbers": [{"item": one, "number": "T-5512"}]})) == [(one, "done")]
        until = (MONDAY + timedelta(days=1)).isoformat()
        assert rows(contact.post("items/snooze/", {"items": [one], "until": until})) == [(one, "done")]
        assert tracking(contact) == {
            one: {
                "assignee": "colleague@video.example",
                "assigned_at": "2026-03-02T09:00:00Z",
                "snoozed_until": "2026-03-03T09:00:00Z",
                "number": "T-5512",
            },
            two: None,
        }

    def test_each_have_their_own_result(self, contact, items, colleague):
        contact.post("items/assign/", {"items": items[:1], "assignee": colleague.email})
        claimed = contact.post("items/claim/", {"items": [*items, "I-0000-0000-0000-0"]})
        assert rows(claimed) == [(items[0], "held"), (items[1], "done"), ("I-0000-0000-0000-0", "not_found")]

    def test_are_undone(self, contact, items):
        contact.post("items/claim/", {"items": items})
        contact.post("items/snooze/", {"items": items, "until": (MONDAY + timedelta(days=1)).isoformat()})
        contact.post("items/release/", {"items": items}), contact.post("items/snooze/", {"items": items, "until": None})
        assert list(Tracking.objects.values_list("assignee", "snoozed_until")) == [(None, None)] * 2

    @pytest.mark.parametrize(
        ("path", "more", "code"),
        [
            ("assign", {"assignee": "nobody@video.example"}, "assignee_refused"),
            ("snooze", {"until": "2020-01-01T00:00:00Z"}, "snooze_in_the_past"),
            ("snooze", {}, "invalid"),
            ("claim", {"until": None}, "unknown_field"),
        ],
    )
    def test_are_refused_with_a_code(self, contact, items, path, more, code):
        response = contact.post(f"items/{path}/", {"items": items, **more})
        assert (response.status_code, response.json()["code"]) == (422, code)
        assert not Tracking.objects.exists()

    def test_narrow_the_list(self, contact, items):
        one, two = items
        contact.post("items/claim/", {"items": [one]})
        contact.post("items/number/", {"numbers": [{"item": two, "number": "T-2"}]})
        contact.post("items/snooze/", {"items": [two], "until": (MONDAY + timedelta(days=1)).isoformat()})
        asked = {
            ("mine", "true"): {one},
            ("mine", "false"): {two},
            ("unassigned", "true"): {two},
            ("unassigned", "false"): {one},
            ("snoozed", "true"): {two},
            ("snoozed", "false"): {one},
            ("tracking_number", "T-2"): {two},
        }
        for (name, value), found in asked.items():
            assert set(tracking(contact, **{name: value})) == found, name

    def test_are_a_platforms_alone(self, officer, items):
        for path in ("claim", "release", "assign", "snooze", "number"):
            assert officer.post(f"items/{path}/", {"items": items}).status_code == 403


class TestTheSender:
    def test_is_never_told(self, contact, officer, referral, items, colleague):
        contact.post("items/assign/", {"items": items, "assignee": colleague.email})
        contact.post("items/number/", {"numbers": [{"item": one, "number": "T-5512"} for one in items]})
        contact.post("items/snooze/", {"items": items, "until": (MONDAY + timedelta(days=1)).isoformat()})
        for path in ("items/", f"referrals/{referral.reference}/", "referrals/", "deliveries/", "cases/"):
            body = officer.get(path).content.decode()
            assert not any(word in body for word in WORDS), path
        assert set(tracking(officer).values()) == {None}

    @pytest.mark.parametrize("query", [{"mine": "true"}, {"snoozed": "true"}, {"tracking_number": "T-5512"}])
    def test_cannot_find_out_by_asking(self, contact, officer, items, query):
        contact.post("items/claim/", {"items": items})
        contact.post("items/number/", {"numbers": [{"item": one, "number": "T-5512"} for one in items]})
        assert tracking(officer, **query) == {}

    def test_sees_no_difference_in_what_is_assigned(self, contact, officer, items):
        before = officer.get("items/", {"unassigned": "true"}).json()
        contact.post("items/claim/", {"items": items})
        assert officer.get("items/", {"unassigned": "true"}).json() == before

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.roles import Role
from apps.delivery.models import Delivery
from tests.factories import PlatformFactory, ReferralUnitFactory

NOW = timezone.now()


@pytest.fixture
def letter(unit, video):
    def make(number=1, **fields):
        usual = {
            "sender": unit,
            "recipient": video,
            "channel": "webhook",
            "message": "referral_sent",
            "state": "dead",
            "tries": 14,
            "created_at": NOW - timedelta(hours=number),
            "next_at": NOW,
            "last_error": "The endpoint failed.",
        }
        row = Delivery.objects.create(key=f"R-{number}:x", about=f"R-{number}", **{**usual, **fields})
        row.refresh_from_db()
        return row

    return make


def about(answer):
    return [row["referral"] for row in answer.json()["results"]]


class TestTheList:
    def test_shows_both_sides_the_same(self, officer, contact, letter, api, video):
        letter()
        for client in (officer, contact, api(video, Role.ADMINISTRATOR)):
            (row,) = client.get("deliveries/").json()["results"]
            assert (row["sender"], row["recipient"], row["state"], row["attempts"]) == ("unit", "video", "dead", 14)

    def test_is_narrowed_by_each_filter(self, officer, contact, letter):
        letter(1)
        letter(2, state="delivered", channel="email", message="referral_overdue")
        assert about(officer.get("deliveries/", {"state": "dead"})) == ["R-1"]
        assert about(officer.get("deliveries/", {"channel": "email"})) == ["R-2"]
        assert about(officer.get("deliveries/", {"message": "referral_overdue"})) == ["R-2"]
        assert about(officer.get("deliveries/", {"since": (NOW - timedelta(minutes=90)).isoformat()})) == ["R-1"]
        assert about(officer.get("deliveries/", {"until": (NOW - timedelta(minutes=90)).isoformat()})) == ["R-2"]
        assert about(officer.get("deliveries/", {"side": "sent"})) == ["R-1", "R-2"]
        assert about(officer.get("deliveries/", {"side": "received"})) == []
        assert about(contact.get("deliveries/", {"side": "received"})) == ["R-1", "R-2"]

    def test_is_closed_to_whoever_has_no_part_in_it(self, api, letter):
        letter()
        assert api(ReferralUnitFactory(), Role.OFFICER).get("deliveries/").json()["results"] == []

    def test_goes_in_pages(self, officer, letter):
        for number in range(5):
            letter(number)
        first = officer.get("deliveries/", {"page_size": 2}).json()
        assert [row["referral"] for row in first["results"]] == ["R-0", "R-1"]
        assert about(officer.get(first["next"])) == ["R-2", "R-3"]


class TestOne:
    def test_has_its_tries(self, officer, letter):
        row = letter()
        row.tried.create(
            sender=row.sender,
            recipient=row.recipient,
            number=1,
            channel="webhook",
            state="deferred",
            code="500",
            detail="The endpoint failed.",
            started_at=NOW,
            ended_at=NOW,
        )
        body = officer.get(f"deliveries/{row.public_id}/").json()
        assert [(one["number"], one["state"], one["code"]) for one in body["tries"]] == [(1, "deferred", "500")]

    def test_of_others_is_not_there(self, api, letter):
        client = api(PlatformFactory(), Role.ADMINISTRATOR)
        for public_id in (letter().public_id, uuid.uuid4()):
            assert client.get(f"deliveries/{public_id}/").status_code == 404
            assert client.post(f"deliveries/{public_id}/replay/").status_code == 404


class TestReplay:
    def test_of_one_works_from_either_side(self, officer, contact, letter):
        for number, client in enumerate((officer, contact)):
            row = letter(number)
            answer = client.post(f"deliveries/{row.public_id}/replay/")
            assert answer.status_code == 200 and answer.json()["state"] == "queued"
            again = client.post(f"deliveries/{row.public_id}/replay/")
            assert (again.status_code, again.json()["code"]) == (409, "not_given_up")

    def test_of_a_range_takes_what_matches_and_is_dead(self, contact, letter):
        letter(1)
        letter(2, state="delivered")
        letter(3, channel="email")
        assert contact.post("deliveries/replay/", {"channel": "webhook"}).json() == {"replayed": 1, "left": 0}
        assert contact.post("deliveries/replay/", {}).json() == {"replayed": 1, "left": 0}
        assert Delivery.objects.filter(state="queued").count() == 2

    def test_of_a_selection_takes_ids(self, officer, letter):
        rows = [letter(number) for number in range(3)]
        body = {"ids": [str(row.public_id) for row in rows[:2]]}
        assert officer.post("deliveries/replay/", body).json()["replayed"] == 2

    def test_never_touches_others(self, api, letter):
        letter()
        answer = api(ReferralUnitFactory(), Role.OFFICER).post("deliveries/replay/", {})
        assert answer.json() == {"replayed": 0, "left": 0}

    @pytest.mark.parametrize("body", [{"channel": "pigeon"}, {"since": "soon"}, {"ids": ["x"]}, {"state": "sent"}])
    def test_refuses_what_it_cannot_read(self, officer, letter, body):
        letter()
        assert officer.post("deliveries/replay/", body).status_code == 422
        assert Delivery.objects.filter(state="dead").count() == 1

    def test_asks_as_many_questions_for_many_as_for_one(self, officer, letter):
        officer.get("me/")  # the first request of a token notes that it is in use
        counts = []
        for numbers in (range(1), range(1, 61)):
            for number in numbers:
                letter(number)
            with CaptureQueriesContext(connection) as asked:
                assert officer.post("deliveries/replay/", {}).json()["replayed"] == len(numbers)
            counts.append(len(asked))
        assert counts[0] == counts[1]

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.roles import Role
from apps.delivery.models import Attempt, Delivery
from tests.factories import CommissionFactory, PlatformFactory, ReferralUnitFactory, member

NOW = timezone.now()
LIST = "/deliveries/"


@pytest.fixture
def unit():
    return ReferralUnitFactory(name="Northern Unit")


@pytest.fixture
def platform():
    return PlatformFactory(name="Streamhub")


@pytest.fixture
def letter(unit, platform):
    def make(number=1, **fields):
        usual = {
            "sender": unit,
            "recipient": platform,
            "channel": "webhook",
            "message": "referral_sent",
            "state": "dead",
            "tries": 14,
            "created_at": NOW - timedelta(hours=number),
            "next_at": NOW,
            "last_error": "The endpoint failed.",
        }
        row = Delivery.objects.create(key=f"R-{number}:x", about=f"R-{number:03}", **{**usual, **fields})
        row.refresh_from_db()
        return row

    return make


@pytest.fixture
def seat():
    def sign_in(organisation, role):
        client = Client()
        client.force_login(member(organisation, role))
        return client

    return sign_in


@pytest.fixture
def officer(seat, unit):
    return seat(unit, Role.OFFICER)


def shown(client, query=""):
    return re.findall(r"R-\d{3}(?=</a>)", client.get(LIST + query).content.decode())


class TestTheList:
    def test_shows_what_was_given_up_first(self, officer, letter):
        letter(1, state="delivered")
        letter(2)
        assert shown(officer) == ["R-002"]
        assert shown(officer, "?queue=all") == ["R-001", "R-002"]

    def test_shows_everything_where_nothing_was(self, officer, letter):
        letter(1, state="delivered")
        assert shown(officer) == ["R-001"]

    def test_is_the_same_for_both_sides(self, officer, seat, platform, letter):
        letter()
        ours, theirs = officer.get(LIST).content.decode(), seat(platform, Role.CONTACT_POINT).get(LIST).content.decode()
        assert "to Streamhub" in ours and "from Northern Unit" in theirs
        assert all("Given up" in text and "The endpoint failed." in text for text in (ours, theirs))

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("?queue=all&channel=email", ["R-002"]),
            ("?queue=all&message=referral_answered", ["R-003"]),
            ("?queue=all&side=received", ["R-003"]),
            ("?queue=waiting", ["R-002"]),
            ("?queue=arrived", ["R-003"]),
            ("?queue=all&q=R-001", ["R-001"]),
            ("?queue=all&channel=pigeon", ["R-001", "R-002", "R-003"]),
        ],
    )
    def test_is_narrowed(self, officer, unit, platform, letter, query, found):
        letter(1)
        letter(2, channel="email", state="deferred")
        back = {"sender": platform, "recipient": unit, "message": "referral_answered", "state": "delivered"}
        letter(3, **back)
        assert shown(officer, query) == found

    def test_is_open_to_administrators_without_a_way_into_referrals(self, seat, unit, letter):
        letter()
        text = seat(unit, Role.ADMINISTRATOR).get(LIST).content.decode()
        assert "R-001" in text and "/referrals/R-001/" not in text

    def test_is_closed_to_the_commission(self, seat):
        assert seat(CommissionFactory(), Role.ANALYST).get(LIST).status_code == 403

    def test_asks_as_many_questions_for_fifty_as_for_one(self, officer, letter):
        counts = []
        for numbers in (range(1), range(1, 50)):
            for number in numbers:
                letter(number)
            with CaptureQueriesContext(connection) as asked:
                officer.get(LIST)
            counts.append(len(asked))
        assert counts[0] == counts[1] <= 16


class TestOne:
    def test_shows_every_try_and_the_proof(self, officer, letter):
        row = letter(state="delivered", proof={"channel": "webhook", "status": 204, "webhook_id": "w-1"})
        for number, state, code in ((1, "deferred", "500"), (2, "delivered", "204")):
            Attempt.objects.create(
                sender=row.sender,
                recipient=row.recipient,
                delivery=row,
                number=number,
                channel="webhook",
                state=state,
                code=code,
                started_at=NOW,
                ended_at=NOW,
            )
        text = officer.get(reverse("portal:delivery", args=[row.public_id])).content.decode()
        assert text.index(">204<") < text.index(">500<") and "w-1" in text

    def test_of_others_is_not_there(self, seat, letter):
        other = seat(PlatformFactory(), Role.CONTACT_POINT)
        assert other.get(reverse("portal:delivery", args=[letter().public_id])).status_code == 404


class TestReplay:
    def send(self, client, **asked):
        return client.post(reverse("portal:deliveries-replay"), asked, follow=True).content.decode()

    def states(self):
        return list(Delivery.objects.order_by("about").values_list("state", flat=True))

    def test_of_one(self, officer, letter):
        row = letter()
        assert "1 message goes out again." in self.send(officer, delivery=str(row.public_id))
        assert self.states() == ["queued"]

    def test_of_a_selection(self, officer, letter):
        rows = [letter(number) for number in range(3)]
        text = self.send(officer, delivery=[str(row.public_id) for row in rows[:2]])
        assert "2 messages go out again." in text and self.states() == ["queued", "queued", "dead"]

    def test_of_all_that_match_the_filters(self, officer, letter):
        letter(1)
        letter(2, channel="email")
        self.send(officer, everything="1", filters="channel=email&queue=dead")
        assert self.states() == ["dead", "queued"]

    def test_of_nothing_says_so(self, officer, letter):
        row = letter(state="delivered")
        for asked in ({}, {"delivery": "x"}, {"delivery": str(row.public_id)}):
            assert "Nothing was sent again" in self.send(officer, **asked)

    def test_never_reaches_into_others(self, seat, letter):
        row = letter()
        other = seat(ReferralUnitFactory(), Role.OFFICER)
        self.send(other, delivery=str(row.public_id))
        self.send(other, everything="1")
        assert self.states() == ["dead"]

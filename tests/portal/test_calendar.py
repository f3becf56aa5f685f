from datetime import time, timedelta

import pytest
from django.utils import timezone

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.organisations.models import Calendar
from tests.factories import CommissionFactory, PlatformFactory, ReferralUnitFactory, member

WEEK = {
    "weekdays": ["1", "2", "3"],
    "subdivision": "BY",
    "opens": "08:00",
    "closes": "16:30",
    "quiet_from": "21:00",
    "quiet_until": "06:00",
}


@pytest.fixture
def house():
    return PlatformFactory(country="DE", time_zone="Europe/Berlin")


@pytest.fixture
def client(client, house):
    client.force_login(member(house, Role.ADMINISTRATOR))
    return client


def text(response):
    return " ".join(response.content.decode().split())


class TestThePage:
    def test_shows_holidays_zone_and_how_it_counts(self, client):
        body = text(client.get("/calendar/"))

        assert "Europe/Berlin" in body and "Change the time zone in your entry" in body
        assert "Christmas Day" in body and "due by the end of" in body
        assert len(client.get("/calendar/").context["page"].holidays) == 10

    def test_is_read_by_everybody_and_changed_by_administrators(self, client, house):
        client.force_login(member(house, Role.CONTACT_POINT))

        body = text(client.get("/calendar/"))

        assert "Monday, Tuesday" in body and "Save the calendar" not in body
        for path, data in (("", WEEK), ("close/", {"day": "2027-01-04"}), ("open/", {"day": "2027-01-04"})):
            assert client.post(f"/calendar/{path}", data).status_code == 403
        assert not Calendar.objects.exists()

    def test_is_not_there_without_clocks(self, client):
        client.force_login(member(CommissionFactory(), Role.ANALYST))

        assert client.get("/calendar/").status_code == 404

    def test_knows_no_holidays_of_some_countries(self, client):
        client.force_login(member(ReferralUnitFactory(country="XX"), Role.OFFICER))

        assert "are not known here" in text(client.get("/calendar/"))


class TestSaving:
    def test_keeps_what_was_said_and_writes_it_down(self, client, house):
        assert client.post("/calendar/", WEEK).status_code == 302

        row = Calendar.objects.get(organisation=house)
        assert (row.weekdays, row.subdivision, row.opens, row.closes) == ([1, 2, 3], "BY", time(8), time(16, 30))
        assert (row.quiet_from, row.quiet_until) == (time(21), time(6))
        assert AuditEntry.objects.get(verb="calendar.changed").organisation_id == house.pk

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"weekdays": []}, "Working days: This field is required."),
            ({"closes": "07:00"}, "Closes: Name a time after the opening."),
            ({"subdivision": "ZZ"}, "Part of the country: Select a valid choice."),
        ],
    )
    def test_says_what_is_wrong(self, client, wrong, said):
        answer = client.post("/calendar/", {**WEEK, **wrong})

        assert answer.status_code == 422 and said in text(answer)
        assert not Calendar.objects.exists()

    def test_does_without_parts_of_a_country_that_has_none(self, client, house):
        unit = ReferralUnitFactory(country="LU")
        client.force_login(member(unit, Role.ADMINISTRATOR))

        client.post("/calendar/", WEEK)

        assert Calendar.objects.get(organisation=unit).subdivision == ""


class TestClosedDays:
    def test_are_added_and_taken_out(self, client, house):
        day = (timezone.localdate() + timedelta(days=30)).isoformat()

        assert client.post("/calendar/close/", {"day": day}).status_code == 302
        assert [one.isoformat() for one in Calendar.objects.get().closed_on] == [day]
        client.post("/calendar/open/", {"day": day})
        assert Calendar.objects.get().closed_on == []

    @pytest.mark.parametrize("day", ["", "soon", "2020-01-01", "2999-01-01"])
    def test_are_days_ahead(self, client, day):
        answer = client.post("/calendar/close/", {"day": day})

        assert answer.status_code == 422 and "Day: " in text(answer)
        assert not Calendar.objects.exclude(closed_on=[]).exists()

"""Working days, public holidays and quiet hours, against dates written down by hand."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from apps.accounts.roles import Role
from apps.organisations import services
from apps.organisations.calendars import WorkingCalendar
from apps.organisations.models import Calendar
from apps.organisations.public_holidays import next_holidays, subdivisions_of, working_days_on
from apps.tenancy.context import acting_as
from tests.factories import PlatformFactory, principal_for

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
BERLIN = WorkingCalendar(zone="Europe/Berlin", country="DE")


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("country", "subdivision", "day", "is_working"),
        [
            ("FR", "", date(2026, 5, 1), False),  # a Friday
            ("NL", "", date(2026, 5, 1), True),
            ("DE", "", date(2026, 5, 1), False),
            ("DE", "BY", date(2026, 1, 6), False),  # Epiphany, in the south alone
            ("DE", "", date(2026, 1, 6), True),
            ("DE", "", date(2026, 5, 2), False),  # a Saturday
            ("IE", "", date(2026, 3, 17), False),  # Saint Patrick
        ],
    )
    def test_are_those_of_the_country_and_its_part(self, country, subdivision, day, is_working):
        calendar = WorkingCalendar(zone="UTC", country=country, subdivision=subdivision)

        assert calendar.is_working(day) is is_working

    def test_are_not_those_that_are_closed(self):
        closed = WorkingCalendar(zone="UTC", closed_on=(date(2026, 3, 3),))

        assert not closed.is_working(date(2026, 3, 3)) and closed.is_working(date(2026, 3, 4))

    def test_may_be_others_than_monday_to_friday(self):
        weekend = WorkingCalendar(zone="UTC", weekdays=(6, 7))

        assert [day for day in range(2, 9) if weekend.is_working(date(2026, 3, day))] == [7, 8]

    def test_are_counted_from_the_day_after_in_the_local_zone(self):
        at = datetime(2026, 12, 22, 23, 30, tzinfo=UTC)  # already Wednesday 23 December in Berlin

        # 24 December is worked, 25 and 26 are holidays, 27 is a Sunday
        assert working_days_on(BERLIN, at=at, count=2) == date(2026, 12, 28)


class TestHolidays:
    def test_are_named_in_english_whatever_the_machine_speaks(self, monkeypatch):
        monkeypatch.setenv("LANGUAGE", "de")

        assert next_holidays(BERLIN, after=date(2031, 12, 1), count=2) == [
            (date(2031, 12, 25), "Christmas Day"),
            (date(2031, 12, 26), "Second Day of Christmas"),
        ]

    def test_of_an_unknown_country_are_none(self):
        nowhere = WorkingCalendar(zone="UTC", country="XX")

        assert next_holidays(nowhere, after=date(2026, 1, 1), count=10) == []
        assert nowhere.is_working(date(2026, 1, 1))

    def test_have_parts_of_the_country_by_name(self):
        parts = dict(subdivisions_of("DE"))

        assert parts["BY"] == "Bayern" and "Augsburg" not in parts
        assert subdivisions_of("XX") == []

    def test_parts_fit_into_the_column(self):
        longest = max(
            len(code) for country in ("DE", "ES", "GB", "FR", "IT", "US") for code, _ in subdivisions_of(country)
        )

        assert longest <= Calendar._meta.get_field("subdivision").max_length


class TestQuietHours:
    NIGHT = WorkingCalendar(zone="Europe/Berlin", quiet_from=time(20), quiet_until=time(7))

    @pytest.mark.parametrize(
        ("local", "is_quiet"), [("19:59", False), ("20:00", True), ("23:59", True), ("06:59", True), ("07:00", False)]
    )
    def test_over_midnight(self, local, is_quiet):
        at = datetime.fromisoformat(f"2026-01-14T{local}:00+01:00")

        assert self.NIGHT.is_quiet(at) is is_quiet

    def test_within_a_day(self):
        siesta = WorkingCalendar(zone="UTC", quiet_from=time(13), quiet_until=time(15))

        assert [hour for hour in range(24) if siesta.is_quiet(datetime(2026, 1, 14, hour, tzinfo=UTC))] == [13, 14]

    def test_of_no_length_never_are(self):
        never = WorkingCalendar(zone="UTC", quiet_from=time(8), quiet_until=time(8))

        assert not any(never.is_quiet(datetime(2026, 1, 14, hour, tzinfo=UTC)) for hour in range(24))

    @pytest.mark.parametrize(
        ("at", "end"),
        [
            ("2026-01-14T22:00:00+01:00", "2026-01-15T07:00:00+01:00"),
            ("2026-01-15T03:00:00+01:00", "2026-01-15T07:00:00+01:00"),
            ("2026-03-28T22:00:00+01:00", "2026-03-29T07:00:00+02:00"),  # the night is an hour shorter
            ("2026-10-24T22:00:00+02:00", "2026-10-25T07:00:00+01:00"),  # and an hour longer
            ("2026-01-14T12:00:00+01:00", "2026-01-14T12:00:00+01:00"),
        ],
    )
    def test_end_in_the_morning_of_the_local_clock(self, at, end):
        assert self.NIGHT.end_of_quiet(datetime.fromisoformat(at)) == datetime.fromisoformat(end)

    def test_that_end_in_an_hour_that_does_not_exist_end_within_the_hour(self):
        early = WorkingCalendar(zone="Europe/Berlin", quiet_from=time(22), quiet_until=time(2, 30))

        end = early.end_of_quiet(datetime(2026, 3, 28, 23, tzinfo=UTC))

        assert timedelta(0) < end - datetime(2026, 3, 29, 0, tzinfo=UTC) <= timedelta(hours=2)


class TestKeepingACalendar:
    @pytest.fixture
    def platform(self):
        return PlatformFactory(country="DE", time_zone="Europe/Berlin")

    @pytest.fixture
    def author(self, platform):
        return principal_for(platform, Role.ADMINISTRATOR)

    def test_that_hardly_ever_works_is_refused(self, platform, author):
        Calendar.objects.create(organisation=platform, weekdays=[7], updated_at=NOW)
        christmas = [date(2026, 11, 29) + timedelta(weeks=number) for number in range(30)]
        Calendar.objects.update(closed_on=christmas)

        with acting_as(author), pytest.raises(services.WorksTooRarely):
            services.close_on(fresh(platform), day=date(2026, 12, 24), by=author, at=NOW)

    def test_a_full_list_is_refused(self, platform, author):
        past = [date(2020, 1, 1) + timedelta(days=number) for number in range(100)]
        Calendar.objects.create(organisation=platform, closed_on=past, updated_at=NOW)

        with acting_as(author), pytest.raises(services.ClosedTooOften):
            services.close_on(fresh(platform), day=date(2026, 12, 24), by=author, at=NOW)

    def test_the_same_day_twice_is_once(self, platform, author):
        with acting_as(author):
            for _ in range(2):
                services.close_on(platform, day=date(2026, 12, 24), by=author, at=NOW)

        assert Calendar.objects.get().closed_on == [date(2026, 12, 24)]


def fresh(platform):
    return type(platform).objects.select_related("calendar").get(pk=platform.pk)

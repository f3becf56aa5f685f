from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from apps.statistics.periods import Period, month_of


class TestPeriod:
    def test_is_made_of_whole_months(self):
        period = Period.of(date(2026, 11, 23), date(2027, 2, 1))

        assert [f"{month:%Y-%m-%d}" for month in period.months] == [
            "2026-11-01",
            "2026-12-01",
            "2027-01-01",
            "2027-02-01",
        ]

    def test_does_not_end_before_it_begins(self):
        with pytest.raises(ValueError, match="at least one month"):
            Period.of(date(2026, 3, 1), date(2026, 2, 28))

    def test_lasts_ten_years_at_most(self):
        assert len(Period.of(date(2020, 1, 1), date(2029, 12, 1)).months) == 120
        with pytest.raises(ValueError, match="at most 120"):
            Period.of(date(2020, 1, 1), date(2030, 1, 1))

    def test_counts_back_from_its_last_month(self):
        assert Period.up_to(date(2026, 2, 14), months=3) == Period(date(2025, 12, 1), date(2026, 2, 1))

    def test_is_compared_with_as_many_months_right_before(self):
        assert Period(date(2026, 1, 1), date(2026, 3, 1)).before == Period(date(2025, 10, 1), date(2025, 12, 1))


class TestMonthOf:
    def test_an_instant_lies_in_its_month_of_utc(self):
        brussels_summer = timezone(timedelta(hours=2))
        assert month_of(datetime(2026, 4, 1, 0, 30, tzinfo=brussels_summer)) == date(2026, 3, 1)
        assert month_of(datetime(2026, 4, 1, tzinfo=UTC)) == date(2026, 4, 1)

"""The conformance vectors of domain.md 11.2 that speak of medians and shares, and the rules of 11.1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.statistics.counts import Counts
from apps.statistics.indicators import CATALOGUE
from apps.statistics.measures import BUCKETS, median, nearest_rank, ratio

HOUR = 3600
DURATIONS = st.lists(st.integers(min_value=0, max_value=10_000), min_size=1)


class TestMedian:
    def test_of_nothing_is_nothing(self):
        assert median([]) is None

    def test_of_an_even_number_is_the_mean_of_the_two_middle_values(self):
        assert median([1, 2, 5, 100]) == 3.5

    def test_of_an_odd_number_is_the_middle_value(self):
        assert median([1, 2, 100]) == 2

    @given(DURATIONS)
    def test_has_at_most_half_below_it_and_at_most_half_above(self, values):
        middle = median(sorted(values))
        assert sum(value < middle for value in values) * 2 <= len(values)
        assert sum(value > middle for value in values) * 2 <= len(values)


class TestNearestRank:
    def test_of_nothing_is_nothing(self):
        assert nearest_rank([], 90) is None

    @pytest.mark.parametrize(("count", "expected"), [(1, 1), (9, 9), (10, 9), (11, 10), (20, 18), (100, 90)])
    def test_is_a_value_that_was_measured(self, count, expected):
        assert nearest_rank(list(range(1, count + 1)), 90) == expected

    @given(DURATIONS)
    def test_is_the_smallest_value_that_nine_in_ten_do_not_exceed(self, values):
        rank = nearest_rank(sorted(values), 90)
        assert sum(value <= rank for value in values) * 10 >= len(values) * 9
        assert sum(value < rank for value in values) * 10 < len(values) * 9


class TestRatio:
    def test_of_nothing_is_nothing_and_not_zero(self):
        assert ratio(0, 0) is None

    def test_of_none_among_some_is_zero(self):
        assert ratio(0, 4) == 0


class TestCatalogue:
    @pytest.mark.parametrize("id", sorted(CATALOGUE))
    def test_says_nothing_rather_than_zero_where_there_is_nothing_to_measure(self, id):
        figure = CATALOGUE[id].measure(Counts())

        is_count = CATALOGUE[id].unit in {"referrals", "items"}
        assert figure.value == (0 if is_count else None)

    def test_vector_4_leaves_items_without_action_out_of_the_time_to_action(self):
        """Actions after 2 h and 4 h, a decision without action after 100 h: 3 h."""
        counts = Counts(
            delivered=3,
            decided=3,
            removed=2,
            refused=1,
            action_seconds=[4 * HOUR, 2 * HOUR],
            decision_seconds=[2 * HOUR, 4 * HOUR, 100 * HOUR],
        )

        to_action, to_decision = CATALOGUE["I8"].measure(counts), CATALOGUE["I7"].measure(counts)

        assert to_action.value == 3
        assert to_action.denominator == 2
        assert dict(to_action.exclusions)["without_action"] == 1
        assert to_decision.value == 4

    def test_the_response_rate_leaves_out_what_the_sender_took_back_and_says_so(self):
        counts = Counts(items=12, sent_items=11, delivered=10, withdrawn=2, decided=6)

        figure = CATALOGUE["I5"].measure(counts)

        assert (figure.value, figure.numerator, figure.denominator) == (0.75, 6, 8)
        assert dict(figure.exclusions) == {"unsent": 1, "undelivered": 1, "withdrawn": 2}

    def test_the_removal_rate_is_one_of_decided_items(self):
        counts = Counts(items=10, sent_items=10, delivered=10, decided=8, removed=6, restricted=1, refused=1)

        figure = CATALOGUE["I9"].measure(counts)

        assert (figure.value, figure.numerator, figure.denominator) == (0.75, 6, 8)
        assert dict(figure.exclusions)["undecided"] == 2
        assert CATALOGUE["I10"].measure(counts).value == 0.6
        assert CATALOGUE["I12"].measure(counts).value == 0.875

    def test_the_time_to_decision_tells_the_ninetieth_percentile_beside_the_median(self):
        counts = Counts(decided=10, decision_seconds=[n * HOUR for n in range(1, 11)])

        figure = CATALOGUE["I7"].measure(counts)

        assert figure.value == 5.5
        assert figure.part("p90").value == 9

    def test_hours_are_told_with_two_decimals(self):
        assert CATALOGUE["I7"].measure(Counts(decided=1, decision_seconds=[100])).value == 0.03

    def test_the_buckets_do_not_overlap_and_the_cumulative_shares_follow_from_them(self):
        counts = Counts(
            delivered=16,
            withdrawn=0,
            decided=15,
            within_hour=1,
            within_day=2,
            within_two_days=3,
            within_week=4,
            later=5,
        )

        figure = CATALOGUE["I13"].measure(counts)

        assert [figure.part(key).numerator for key, _counted in BUCKETS] == [1, 2, 3, 4, 5, 1]
        assert sum(figure.part(key).numerator for key, _counted in BUCKETS) == figure.denominator == 16
        assert [figure.part(f"within_{bound}").numerator for bound in ("1h", "24h", "48h", "7d")] == [1, 3, 6, 10]
        assert figure.value == figure.part("within_24h").value == 3 / 16

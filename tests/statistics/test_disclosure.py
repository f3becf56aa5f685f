import pytest

from apps.statistics.counts import Counts
from apps.statistics.dimensions import Dimension, Scope
from apps.statistics.disclosure import hidden_rows

MANY = Counts(sent_items=50, sensitive_items=50)
FEW_AND_TELLING = Counts(sent_items=4, sensitive_items=1)
FEW_AND_HARMLESS = Counts(sent_items=4)


def hidden(scope=Scope.ALL, by=Dimension.PLATFORM, **rows):
    return hidden_rows(rows, scope=scope, by=by)


class TestHiddenRows:
    def test_are_those_with_fewer_than_five_items_of_which_one_is_sensitive(self):
        found = hidden(a=MANY, b=FEW_AND_TELLING, c=FEW_AND_TELLING, d=FEW_AND_HARMLESS)

        assert found == {"b", "c"}

    def test_five_items_are_shown(self):
        assert not hidden(a=MANY, b=Counts(sent_items=5, sensitive_items=5))

    def test_a_single_one_takes_the_next_smallest_with_it(self):
        found = hidden(a=MANY, b=FEW_AND_TELLING, c=Counts(sent_items=20), d=Counts(sent_items=0))

        assert found == {"b", "c"}

    def test_a_single_one_alone_stays_hidden(self):
        assert hidden(b=FEW_AND_TELLING) == {"b"}

    @pytest.mark.parametrize("by", [Dimension.SENDER, Dimension.PLATFORM, Dimension.COUNTRY])
    def test_are_rows_that_point_at_somebody(self, by):
        assert hidden(by=by, b=FEW_AND_TELLING)

    @pytest.mark.parametrize("by", [Dimension.CATEGORY, Dimension.URGENCY, Dimension.LANGUAGE, "month"])
    def test_are_not_rows_that_point_at_nobody(self, by):
        assert not hidden(by=by, b=FEW_AND_TELLING)

    @pytest.mark.parametrize("scope", [Scope.SENT, Scope.RECEIVED])
    def test_an_organisation_sees_its_own_figures_whole(self, scope):
        assert not hidden(scope=scope, b=FEW_AND_TELLING)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.statistics.counts import Counts
from apps.statistics.dimensions import Dimension, Scope
from apps.statistics.disclosure import hidden_rows

MANY = Counts(sent_items=50, sensitive_items=50)
FEW_AND_TELLING = Counts(sent_items=4, sensitive_items=1)
FEW_AND_HARMLESS = Counts(sent_items=4)


def hidden(scope=Scope.ALL, by=Dimension.COUNTRY, parents=None, **rows):
    return hidden_rows(rows, scope=scope, by=by, parents_of=lambda _keys: parents or {})


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

    @pytest.mark.parametrize("by", [Dimension.SENDER, Dimension.PLATFORM, Dimension.COUNTRY, Dimension.SIZE_CLASS])
    def test_are_rows_that_point_at_somebody(self, by):
        assert hidden(by=by, b=FEW_AND_TELLING)

    @pytest.mark.parametrize("by", [Dimension.CATEGORY, Dimension.URGENCY, Dimension.LANGUAGE, "month"])
    def test_are_not_rows_that_point_at_nobody(self, by):
        assert not hidden(by=by, b=FEW_AND_TELLING)

    @pytest.mark.parametrize("scope", [Scope.SENT, Scope.RECEIVED])
    def test_an_organisation_sees_its_own_figures_whole(self, scope):
        assert not hidden(scope=scope, b=FEW_AND_TELLING)


class TestFamilies:
    """Senders add up to countries: what is hidden among the ones must not come out among the others."""

    FAMILY = {"a": "NL", "b": "NL", "c": "FR", "d": "FR", "e": "DE"}

    def test_a_hidden_sender_takes_one_of_its_own_country_with_it(self):
        found = hidden(
            by=Dimension.SENDER,
            parents=self.FAMILY,
            a=FEW_AND_TELLING,
            b=Counts(sent_items=30),
            c=Counts(sent_items=6),
            d=Counts(sent_items=7),
        )

        assert found == {"a", "b"}

    def test_the_only_sender_of_a_hidden_country_takes_another_country_with_it(self):
        rows = {"e": FEW_AND_TELLING, "a": MANY, "b": MANY, "c": Counts(sent_items=6), "d": Counts(sent_items=7)}

        assert hidden(by=Dimension.SENDER, parents=self.FAMILY, **rows) == {"e", "c", "d"}
        assert hidden(DE=FEW_AND_TELLING, NL=MANY, FR=Counts(sent_items=13)) == {"DE", "FR"}

    @given(
        rows=st.dictionaries(
            st.sampled_from("abcdefgh"), st.tuples(st.integers(1, 9), st.booleans()), min_size=2, max_size=8
        ),
        parents=st.fixed_dictionaries({key: st.sampled_from(["X", "Y", "Z"]) for key in "abcdefgh"}),
    )
    def test_no_hidden_row_can_be_worked_out_from_the_rows_that_are_shown(self, rows, parents):
        """Every equation an onlooker has (the total, each shown family) leaves two unknowns or none."""
        counts = {key: Counts(sent_items=n, sensitive_items=n * told) for key, (n, told) in rows.items()}
        families = {}
        for key, parent in parents.items():
            if key in counts:
                families.setdefault(parent, {})[key] = counts[key]
        sums = {parent: total_of(members) for parent, members in families.items()}
        hidden_children = hidden(by=Dimension.SENDER, parents=parents, **counts)
        hidden_parents = hidden(by=Dimension.COUNTRY, **sums)

        for parent, members in families.items():
            unknown = hidden_children & members.keys()
            assert parent in hidden_parents or len(unknown) != 1
            assert parent not in hidden_parents or unknown == members.keys()
        if len(families) > 1:
            assert len(hidden_parents) != 1


def total_of(members):
    return Counts(
        sent_items=sum(one.sent_items for one in members.values()),
        sensitive_items=sum(one.sensitive_items for one in members.values()),
    )

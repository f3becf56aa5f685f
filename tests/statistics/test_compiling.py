from datetime import timedelta
from random import Random

import psycopg
import pytest
from django.db import connection

from apps.statistics import services, tasks
from apps.statistics.models import Cell, Compilation
from tests.factories import ReferralFactory
from tests.statistics.worlds import NOON, NUMBERS, random_world, recount


@pytest.fixture
def elsewhere():
    """A second connection to the same database, in a transaction of its own."""
    parameters = {name: value for name, value in connection.get_connection_params().items() if name != "context"}
    with psycopg.connect(**parameters | {"cursor_factory": psycopg.Cursor}) as other:
        yield other
        other.rollback()


def compiled_cells(compilation: Compilation | None) -> dict[tuple[object, ...], dict[str, object]]:
    return {
        (cell.scope, cell.organisation_id, cell.month, cell.dimension, cell.value): {
            **{name: getattr(cell, name) for name in NUMBERS},
            "decision_seconds": sorted(cell.decision_seconds),
            "action_seconds": sorted(cell.action_seconds),
        }
        for cell in Cell.objects.filter(compilation=compilation)
    }


class TestCompileFigures:
    @pytest.mark.parametrize("seed", range(12))
    def test_gives_what_a_plain_recount_gives(self, seed):
        random_world(Random(seed))

        compilation = services.compile_figures(at=NOON)

        assert compiled_cells(compilation) == recount(NOON)

    def test_counts_nothing_where_nothing_is(self):
        compilation = services.compile_figures(at=NOON)

        assert compilation.as_of == NOON
        assert not Cell.objects.exists()

    def test_takes_the_same_number_of_statements_whatever_there_is(self, django_assert_num_queries):
        services.compile_figures(at=NOON - timedelta(minutes=1))
        with connection.execute_wrapper(counter := Statements()):
            services.compile_figures(at=NOON)
        random_world(Random(1), referrals=20)

        with django_assert_num_queries(counter.count):
            services.compile_figures(at=NOON + timedelta(minutes=1))

    def test_replaces_what_was_compiled_at_the_same_instant(self):
        services.compile_figures(at=NOON)
        ReferralFactory()

        compilation = services.compile_figures(at=NOON)

        assert Compilation.objects.get() == compilation
        assert Cell.objects.filter(compilation=compilation).exists()

    def test_leaves_the_field_to_another_count_under_way(self, elsewhere):
        elsewhere.execute("SELECT pg_advisory_xact_lock(hashtext('statistics.compile_figures'))")

        assert services.compile_figures(at=NOON) is None
        assert not Compilation.objects.exists()

    def test_is_seen_by_others_as_a_whole_or_not_at_all(self, elsewhere):
        ReferralFactory()
        services.compile_figures(at=NOON)  # this test's transaction has not been committed

        for table in ("statistics_compilation", "statistics_cell"):
            assert elsewhere.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)

    def test_keeps_the_newest_and_the_last_of_each_month(self):
        stamps = [NOON - timedelta(days=days) for days in (60, 50, 31, 30, 3, 2, 1, 0)]
        for at in stamps:
            services.compile_figures(at=at)

        kept = Compilation.objects.order_by("as_of").values_list("as_of", flat=True)

        assert list(kept) == [NOON - timedelta(days=days) for days in (50, 30, 2, 1, 0)]


class TestRefresh:
    def test_compiles(self):
        assert tasks.refresh() is True
        assert Compilation.objects.count() == 1


class Statements:
    """How many statements ran."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        return execute(sql, params, many, context)

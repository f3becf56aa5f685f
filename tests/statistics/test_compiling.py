from datetime import timedelta
from random import Random

import pytest
from django.db import connection

from apps.statistics import services, tasks
from apps.statistics.models import Cell, Compilation
from apps.statistics.services import compiling
from tests.factories import ReferralFactory
from tests.statistics.worlds import NOON, NUMBERS, random_world, recount


def compiled_cells(compilation: Compilation) -> dict[tuple[object, ...], dict[str, object]]:
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

    def test_leaves_the_field_to_another_count_under_way(self, monkeypatch):
        monkeypatch.setattr(compiling, "_alone", bool)  # what the lock says when it is held elsewhere

        assert services.compile_figures(at=NOON) is None
        assert not Compilation.objects.exists()

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

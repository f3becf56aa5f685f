"""Figures under each net alone: the managers without row-level security, and row-level security without them."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from apps.accounts.roles import Role
from apps.referrals.transitions import State
from apps.statistics import services
from apps.statistics.models import Cell
from apps.tenancy.context import _current, acting_as, system
from tests.factories import CommissionFactory, PlatformFactory, ReferralFactory, ReferralUnitFactory, principal_for
from tests.factories.referrals import MONDAY


@pytest.fixture
def principals():
    unit, platform = ReferralUnitFactory(), PlatformFactory()
    ReferralFactory(sender=unit, recipient=platform, state=State.SENT)
    ReferralFactory(state=State.SENT)
    services.compile_figures(at=MONDAY)
    return {
        "sent": principal_for(unit, Role.OFFICER),
        "received": principal_for(platform, Role.CONTACT_POINT),
        "all": principal_for(CommissionFactory(), Role.ANALYST),
        "none": principal_for(CommissionFactory(), Role.ADMINISTRATOR),
    }


def expected(scope, principal):
    if scope == "none":
        return set()
    return {(scope, None if scope == "all" else principal.organisation_id)}


@pytest.mark.parametrize("scope", ["sent", "received", "all", "none"])
class TestCells:
    def test_row_level_security_alone_shows_the_own_scope(self, principals, scope):
        with acting_as(principals[scope]), connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT scope, organisation_id FROM statistics_cell")
            assert set(cursor.fetchall()) == expected(scope, principals[scope])

    def test_the_managers_alone_show_the_own_scope(self, principals, scope):
        token = _current.set(principals[scope])  # the database still acts as the owner, who sees everything
        try:
            seen = set(Cell.objects.values_list("scope", "organisation_id"))
        finally:
            _current.reset(token)
        assert seen == expected(scope, principals[scope])


def test_nobody_but_the_count_writes_figures(principals):
    with acting_as(principals["all"]):
        for statement in ("UPDATE statistics_cell SET items = 0", "DELETE FROM statistics_compilation"):
            with pytest.raises(DatabaseError, match="permission denied"):
                run(statement)


def test_the_count_reads_no_case_file():
    with acting_as(system("count")), pytest.raises(DatabaseError, match="permission denied"):
        run("SELECT 1 FROM referrals_case")


@transaction.atomic
def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)

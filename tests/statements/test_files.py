"""The nightly files: batches for one call of the database, nothing twice and nothing lost."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from apps.accounts.roles import Role
from apps.referrals import services
from apps.referrals.models import Item, Statement, StatementFile, StatementPlan
from apps.referrals.services import Answer
from apps.referrals.tasks import file_statements as task
from apps.referrals.transitions import State
from apps.tenancy.context import acting_as, system
from tests.factories import PlatformFactory, ReferralFactory, principal_for
from tests.factories.referrals import MONDAY
from tests.statements.examples import statement

NOON = datetime(2026, 3, 10, 11, tzinfo=UTC)
NIGHT = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)  # half past midnight in Brussels
LAW = {"ground": "DECISION_GROUND_ILLEGAL_CONTENT", "legal_ground": "Section 91"}


@pytest.fixture
def contact():
    return principal_for(PlatformFactory.create(), Role.CONTACT_POINT)


def decide(contact, count):
    referral = ReferralFactory.create(recipient_id=contact.organisation_id, state=State.RECEIVED, items=count)
    answers = [Answer(item=item.reference, outcome="REMOVED", **LAW) for item in Item.objects.filter(referral=referral)]
    with acting_as(contact):
        services.answer(answers, channel="api", by=contact, at=MONDAY)


def want(contact, *, nightly=True):
    with acting_as(contact):
        services.want_statement_files(nightly=nightly, by=contact, at=NOON)


def run(at, **options):
    with acting_as(system("file statements")):
        return services.file_statements(at=at, **options)


def files_of(contact):
    rows = StatementFile.objects.filter(organisation_id=contact.organisation_id).order_by("number")
    return [(row.number, row.count, row.statements.count()) for row in rows]


class TestFiles:
    def test_hold_a_hundred_at_most_and_all_there_is(self, contact):
        decide(contact, 250)
        want(contact)
        assert run(NOON) == 250
        assert files_of(contact) == [(1, 100, 100), (2, 100, 100), (3, 50, 50)]
        assert not Statement.objects.filter(file=None).exists()

    def test_hold_no_statement_twice_however_often_it_runs(self, contact):
        decide(contact, 3)
        want(contact)
        assert [run(NOON), run(NOON), run(NOON, at_once=True)] == [3, 0, 0]
        assert files_of(contact) == [(1, 3, 3)]

    def test_come_once_in_a_day_of_the_platform(self, contact):
        want(contact)
        assert run(NOON) == 0
        decide(contact, 2)
        assert run(NOON + timedelta(hours=1)) == 0, "this day is done"
        assert run(NIGHT) == 2
        assert StatementFile.objects.get().made_on.isoformat() == "2026-03-11"
        decide(contact, 1)
        assert run(NIGHT + timedelta(hours=23)) == 0
        assert run(NIGHT + timedelta(days=3)) == 1, "nights that were missed are made up for"
        assert files_of(contact) == [(1, 2, 2), (2, 1, 1)]

    def test_are_for_platforms_that_want_them(self, contact):
        other = principal_for(PlatformFactory.create(), Role.CONTACT_POINT)
        decide(contact, 2)
        decide(other, 1)
        assert run(NOON) == 0
        want(other)
        assert run(NOON) == 1
        want(other, nightly=False)
        decide(other, 1)
        assert run(NOON + timedelta(days=1)) == 0
        want(contact)
        assert run(NOON + timedelta(days=1)) == 2
        assert [len(files_of(one)) for one in (contact, other)] == [1, 1]

    def test_leave_out_what_the_platform_wrote_itself(self, contact):
        with acting_as(contact):
            services.load_statements([statement()], by=contact, at=MONDAY)
        want(contact)
        assert run(NOON) == 0

    def test_cost_the_same_for_any_number(self, contact, django_assert_num_queries):
        want(contact)
        for count in (1, 300):
            decide(contact, count)
            with acting_as(system("file statements")), django_assert_num_queries(5):
                assert services.file_statements(at=NOON, at_once=True) == count


class TestWhatRunsThem:
    def test_the_task_and_the_command_do_the_same(self, contact):
        want(contact)
        decide(contact, 1)
        assert task() == 1
        decide(contact, 2)
        said = StringIO()
        call_command("file_statements", "--at-once", stdout=said)
        assert said.getvalue() == "2 statements were put into files.\n"
        assert files_of(contact) == [(1, 1, 1), (2, 2, 2)]

    def test_nobody_elses_plan_is_changed(self, contact):
        want(contact)
        other = principal_for(PlatformFactory.create(), Role.CONTACT_POINT)
        with acting_as(other):
            assert not StatementPlan.objects.exists() and not StatementFile.objects.exists()

"""Many at once, each on a connection of its own: nothing twice, nothing lost, and true answers to each."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count

from apps.accounts.roles import Role
from apps.referrals import services
from apps.referrals.models import Decision, Item, Statement, StatementExport, StatementFile
from apps.referrals.services import Answer, ExportUsed
from apps.referrals.transitions import State
from apps.tenancy.context import AS_OWNER, Context, acting_as, system
from tests.factories import PlatformFactory, ReferralFactory, principal_for
from tests.factories.referrals import MONDAY
from tests.statements.examples import statement

LAW: dict[str, Any] = {"ground": "DECISION_GROUND_ILLEGAL_CONTENT", "legal_ground": "Section 91"}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def contact():
    with acting_as(AS_OWNER):
        return principal_for(PlatformFactory.create(), Role.CONTACT_POINT)


def on_its_own(context: Context, act: Callable[[], object]) -> object:
    try:
        with acting_as(context):
            return act()
    finally:
        connection.close()


def test_a_puid_stands_for_one_statement_whoever_comes_first(contact):
    def load(number: int) -> object:
        given = [statement(puid=f"p-{one}", decision_facts=f"Story {number % 2}.") for one in range(20)]
        return on_its_own(contact, lambda: services.load_statements(given, by=contact, at=MONDAY))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(load, range(16)))

    results = Counter((one.puid, one.code.value if one.code else one.result) for loaded in answers for one in loaded)
    assert all(results[f"p-{one}", "stored"] == 1 for one in range(20))
    assert all(results[f"p-{one}", "known"] == 7 and results[f"p-{one}", "puid_taken"] == 8 for one in range(20))
    with acting_as(AS_OWNER):
        assert Statement.objects.count() == 20


def test_every_statement_is_in_one_file_while_answers_go_on(contact):
    with acting_as(AS_OWNER):
        referrals = [
            ReferralFactory.create(recipient_id=contact.organisation_id, state=State.RECEIVED, items=30)
            for _ in range(12)
        ]
        references = [list(one.items.values_list("reference", flat=True)) for one in referrals]
    with acting_as(contact):
        services.want_statement_files(nightly=True, by=contact, at=MONDAY)

    def decide(place: int) -> object:
        answers = [Answer(item=one, outcome="REMOVED", **LAW) for one in references[place]]
        at = MONDAY + timedelta(hours=1)
        return on_its_own(contact, lambda: services.answer(answers, channel="api", by=contact, at=at))

    def file(_place: int) -> object:
        later = MONDAY + timedelta(hours=2)
        return on_its_own(system("file statements"), lambda: services.file_statements(at=later, at_once=True))

    with ThreadPoolExecutor(6) as pool:
        made = [pool.submit(act, place) for place in range(12) for act in (decide, file)]
        filed = sum(one.result() for one in made if isinstance(one.result(), int))
    filed += file(0)

    with acting_as(AS_OWNER):
        assert filed == Statement.objects.exclude(file=None).count() == Statement.objects.count() == 360
        counted = StatementFile.objects.annotate(held=Count("statements")).order_by("number")
        assert [(one.number, one.held) for one in counted] == [
            (place, one.count) for place, one in enumerate(counted, start=1)
        ]


def test_an_export_is_used_by_one(contact):
    with acting_as(AS_OWNER):
        ReferralFactory.create(recipient_id=contact.organisation_id, state=State.RECEIVED, items=3)
        rows = [{**statement(puid=f"p-{place}"), "url": item.url} for place, item in enumerate(Item.objects.all())]
    with acting_as(contact):
        export = services.keep_export(name="x", content=json.dumps(rows).encode(), by=contact, at=MONDAY)

    def use(_place: int) -> bool:
        try:
            on_its_own(contact, lambda: services.use_export(export, by=contact, at=MONDAY + timedelta(days=3)))
        except ExportUsed:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(use, range(4))) == [False, False, False, True]
    with acting_as(AS_OWNER):
        assert Decision.objects.count() == Statement.objects.count() == 3
        assert StatementExport.objects.get().used_at is not None

"""What was stated stays: the database refuses whoever would change it, its owner included."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from apps.accounts.roles import Role
from apps.referrals import services
from apps.referrals.models import Item, Statement
from apps.referrals.services import Answer
from apps.referrals.transitions import State
from apps.tenancy.context import AS_OWNER, acting_as, system
from tests.factories import PlatformFactory, ReferralFactory, principal_for
from tests.factories.referrals import MONDAY
from tests.statements.examples import statement

LATER = MONDAY + timedelta(hours=2)
LAW = {"ground": "DECISION_GROUND_ILLEGAL_CONTENT", "legal_ground": "Section 91"}


@pytest.fixture
def contact():
    return principal_for(PlatformFactory.create(), Role.CONTACT_POINT)


@pytest.fixture
def items(contact):
    ReferralFactory.create(recipient_id=contact.organisation_id, state=State.RECEIVED, items=2)
    return list(Item.objects.order_by("pk"))


def answer(item, contact, **facts):
    with acting_as(contact):
        given = Answer(item=item.reference, outcome="REMOVED", **LAW, **facts)
        (result,) = services.answer([given], channel="api", by=contact, at=LATER)
    assert result.code is None
    return Statement.objects.get(puid=result.puid)


def refuses(act):
    with pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic():
        act()


@pytest.mark.parametrize(
    "changed",
    [
        'content = content || \'{"puid": "other"}\'',
        "puid = 'other'",
        "origin = 'platform'",
        "schema_version = '1'",
        "created_at = created_at - interval '1 day'",
        "sender_id = NULL, item_id = NULL, decision_id = NULL",
        "decision_id = decision_id + 1",
    ],
)
@pytest.mark.parametrize("is_owner", [False, True])
def test_no_fact_is_rewritten(contact, items, changed, is_owner):
    answer(items[0], contact)

    def rewrite():
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE referrals_statement SET {changed}")

    with acting_as(AS_OWNER if is_owner else contact):
        refuses(rewrite)


def test_none_is_deleted_by_itself(contact, items):
    kept = answer(items[0], contact)
    with acting_as(contact):
        refuses(lambda: Statement.objects.filter(pk=kept.pk).delete())
    assert Statement.objects.count() == 1


def test_one_that_waits_is_handed_its_decision_once(contact, items):
    with acting_as(contact):
        services.load_statements([statement(puid="mine")], by=contact, at=MONDAY)
    kept = answer(items[0], contact, puid="mine")
    assert kept.item_id == items[0].pk and kept.decision_id
    with acting_as(contact):
        refuses(lambda: Statement.objects.filter(pk=kept.pk).update(item_id=items[1].pk))


def test_one_is_put_into_a_file_once(contact, items):
    with acting_as(contact):
        services.want_statement_files(nightly=True, by=contact, at=MONDAY)
    kept = answer(items[0], contact)
    with acting_as(system("file statements")):
        assert services.file_statements(at=LATER + timedelta(days=1), at_once=True) == 1
        refuses(lambda: Statement.objects.filter(pk=kept.pk).update(file=None))


def test_it_goes_with_its_item(contact, items):
    answer(items[0], contact)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM referrals_item WHERE id = %s", [items[0].pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert not Statement.objects.exists()

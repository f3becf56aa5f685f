import pytest
from django.db import DatabaseError, connection, transaction

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry, Operation
from apps.audit.services import consulted, record
from apps.tenancy.context import acting_as
from tests.factories import ReferralUnitFactory, principal_for
from tests.factories.referrals import MONDAY


@pytest.fixture
def officer():
    return principal_for(ReferralUnitFactory(), Role.OFFICER)


def entry(by, **fields):
    facts = {"organisation_id": by.organisation_id, "target_type": "referral", "target": "R-1", "by": by, "at": MONDAY}
    with acting_as(by):
        record("referral.approved", **{**facts, **fields})
        return AuditEntry.objects.latest("pk")


def test_an_entry_says_who_did_what_to_what_and_for_whom(officer):
    made = entry(officer, recipient_ids=[7])

    assert (made.actor_id, made.actor_label, made.verb, made.target) == (
        officer.user_id,
        officer.label,
        "referral.approved",
        "R-1",
    )
    assert (made.operation, made.recipient_ids, made.at) == (Operation.ALTER, [7], MONDAY)


@pytest.mark.parametrize("statement", ["UPDATE audit_auditentry SET verb = 'x'", "DELETE FROM audit_auditentry"])
def test_nobody_rewrites_it_not_even_the_owner(officer, statement):
    entry(officer)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)


def test_an_organisation_reads_its_own_entries_only(officer):
    entry(officer)
    other = principal_for(ReferralUnitFactory(), Role.OFFICER)

    with acting_as(other):
        assert not AuditEntry.objects.exclude(organisation_id=other.organisation_id).exists()
        assert not AuditEntry.objects.filter(target="R-1").exists()


def test_an_entry_in_another_s_name_is_refused(officer):
    other = ReferralUnitFactory()

    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        entry(officer, organisation_id=other.pk)


def test_a_list_is_one_entry_with_what_it_showed(officer):
    facts = {"organisation_id": officer.organisation_id, "target_type": "referral", "by": officer, "at": MONDAY}
    with acting_as(officer):
        consulted("referral.listed", targets=["R-1", "R-2"], **facts)
        consulted("referral.listed", targets=[], **facts)
        consulted("referral.exported", targets=["R-1"], **facts)

    entries = AuditEntry.objects.filter(verb__in=["referral.listed", "referral.exported"]).order_by("pk")
    assert [(e.operation, e.target, e.details["references"]) for e in entries] == [
        (Operation.CONSULT, "2 referrals", ["R-1", "R-2"]),
        (Operation.DISCLOSE, "R-1", ["R-1"]),
    ]

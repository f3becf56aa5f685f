"""Each net, alone: the managers without row-level security, and row-level security without the managers."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, ProgrammingError

from apps.accounts.roles import Role
from apps.referrals.models import Case, Referral
from apps.referrals.transitions import State
from apps.tenancy.context import Context, NoTenantContext, _current, acting_as, system
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, principal_for


@pytest.fixture
def unit():
    return ReferralUnitFactory()


@pytest.fixture
def officer(unit):
    return principal_for(unit, Role.OFFICER)


def raw_references() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reference FROM referrals_referral")
        return {row[0] for row in cursor.fetchall()}


def test_a_tenant_table_is_closed_without_a_context(db):
    token = _current.set(None)
    try:
        for question in (Referral.objects.exists, Referral.objects.all, Referral._base_manager.count):
            with pytest.raises(NoTenantContext):
                question()
    finally:
        _current.reset(token)


def test_raw_sql_shows_the_context_s_rows_only(unit, officer):
    ours, theirs = ReferralFactory(sender=unit), ReferralFactory()

    with acting_as(officer):
        assert raw_references() == {ours.reference}
        assert set(Referral.objects.values_list("reference", flat=True)) == {ours.reference}

    assert raw_references() == {ours.reference, theirs.reference}


def test_a_platform_sees_a_referral_from_the_moment_it_is_sent():
    platform = PlatformFactory()
    contact = principal_for(platform, Role.CONTACT_POINT)
    ReferralFactory(recipient=platform, state=State.DRAFT)
    sent = ReferralFactory(recipient=platform, state=State.SENT)

    with acting_as(contact):
        assert raw_references() == {sent.reference}
        assert list(Referral.objects.visible_to(contact)) == [sent]
        assert not Case.objects.exists()


def test_the_system_sees_no_case_file():
    ReferralFactory()

    with acting_as(system("count")):
        assert Referral.objects.count() == 1
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Case.objects.count()


def test_a_row_of_another_tenant_cannot_be_written(unit, officer):
    theirs = ReferralFactory()

    with acting_as(officer), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Case.objects.create(
            organisation=theirs.sender,
            reference="C-STOLEN",
            title="t",
            created_at=theirs.filed_at,
            created_by_id=officer.user_id,
        )


def count_as(claims: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', 'portal_web', true), set_config('app.ctx', %s, true)", [claims])
        cursor.execute("SELECT count(*) FROM referrals_referral")


@pytest.mark.parametrize("claims", ["{id}|1||99999999999", "{id}|1||99999999999.00", "1,2,3", "{id}|1|oversight|1.ff"])
def test_a_context_that_the_portal_did_not_sign_is_refused(unit, claims):
    ReferralFactory(sender=unit)

    with pytest.raises(DatabaseError, match="is not signed by this portal"), transaction.atomic():
        count_as(claims.format(id=unit.pk))


def test_the_runtime_role_cannot_read_the_signing_key(officer):
    with acting_as(officer), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("SELECT * FROM tenancy.signing_key")


def test_contexts_nest_and_come_back(unit, officer):
    ReferralFactory(sender=unit)
    other = principal_for(ReferralUnitFactory(), Role.OFFICER)

    with acting_as(officer):
        with acting_as(other):
            assert raw_references() == set()
        assert len(raw_references()) == 1
        with pytest.raises(ZeroDivisionError), acting_as(Context()):
            1 / 0  # noqa: B018  the block fails
        assert len(raw_references()) == 1

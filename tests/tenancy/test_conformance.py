"""Every table says whose rows it holds, and the database agrees."""

import pytest
from django.db import connection

from apps.tenancy.classes import all_models, tenancy_of
from apps.tenancy.managers import TenantManager
from apps.tenancy.policies import PROTECTED, WRITABLE, fingerprint, sync_policies

# What the runtime roles may ask of the owner. Each checks by the signed context who asks, or by a secret's digest.
DEFINERS = {
    "claims",
    "token_holder",
    "invitation_organisation",
    "holds",
    "open_roles",
    "make_platform",
    "offer_claim",
    "claim_organisation",
    "settle_claim",
    "describe_platform",
    "remove_contact",
    "open_sandbox",
    "webhook_keys",
    "behind_link",
    "link_was_opened",
    "confirm_contact",
    "note_reached",
}


def one(query, *values):
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()


@pytest.mark.parametrize("model", all_models(), ids=lambda m: m._meta.label)
class TestEveryTable:
    def test_is_in_a_class_whose_policies_are_in_force(self, db, model):
        tenancy, table = tenancy_of(model), model._meta.db_table
        assert tenancy is not None
        if tenancy in WRITABLE:
            query = "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = to_regclass(%s)"
            assert one(query, table) == (True, True)
        assert one("SELECT obj_description(to_regclass(%s), 'pg_class')", table) == (fingerprint(model),)

    def test_has_a_manager_that_fails_closed(self, model):
        if tenancy_of(model) in PROTECTED:
            assert isinstance(model._default_manager, TenantManager)
            assert model._meta.base_manager_name == "objects"


def test_syncing_again_changes_nothing(db):
    assert sync_policies() == []


def test_no_view_and_few_definer_functions(db):
    assert one("SELECT count(*) FROM pg_views WHERE schemaname = 'public'") == (0,)
    definers = one("SELECT array_agg(proname::text ORDER BY proname) FROM pg_proc WHERE prosecdef")
    assert definers == (sorted(DEFINERS),)


@pytest.mark.parametrize("role", ["portal_web", "portal_worker", "portal_sys"])
def test_runtime_roles_are_bound(db, role):
    assert one("SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = %s", role) == (
        False,
        False,
        False,
    )
    assert one("SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", role) == (0,)


def test_the_audit_log_cannot_be_changed_by_anybody(db):
    verbs = (
        "SELECT bool_or(has_table_privilege(r, 'audit_auditentry', v)) FROM unnest(%s::text[]) r, unnest(%s::text[]) v"
    )
    roles = ["portal_web", "portal_worker", "portal_sys"]
    assert one(verbs, roles, ["UPDATE", "DELETE", "TRUNCATE"]) == (False,)

"""The second net: row-level security, projected from each model's class into the database after every migration.

Policies read plain columns and one function call in a scalar sub-select (evaluated once a query), never a correlated
subquery (security.md 2.2). They apply to the runtime roles; `portal_sys` gets its own where the model says so.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction

from apps.tenancy.classes import Tenancy, all_models, tenancy_of

RUNTIME_ROLES = "portal_web, portal_worker"
EVERY_ROLE = f"{RUNTIME_ROLES}, portal_sys"
MINE = "ANY ((SELECT tenancy.orgs())::bigint[])"

CONDITIONS = {
    Tenancy.PRIVATE: f"organisation_id = {MINE}",
    Tenancy.PERSONAL: f"organisation_id = {MINE} OR user_id = (SELECT tenancy.user_id())",
    Tenancy.ENVELOPE: f"sender_id = {MINE} OR (recipient_id = {MINE} AND disclosed)",
    Tenancy.STATISTICS: f"organisation_id = {MINE} OR (organisation_id IS NULL AND (SELECT tenancy.oversight()))",
}
PROTECTED = frozenset(CONDITIONS)
WRITABLE = {**CONDITIONS, Tenancy.DIRECTORY: f"organisation_id = {MINE}"}


def statements(model: type[models.Model]) -> Iterator[str]:
    """The SQL that gives a model's table its class: grants, forced row-level security, one policy per audience.

    A model may say `system_may = False` (a case file: no sweep needs it) and `append_only = True` (events, audit).
    """
    table, tenancy = model._meta.db_table, tenancy_of(model)
    yield f'REVOKE ALL ON "{table}" FROM {EVERY_ROLE}'
    yield f'GRANT {_verbs(model, tenancy)} ON "{table}" TO {RUNTIME_ROLES}'
    if getattr(model, "system_may", True):
        yield f'GRANT {_system_verbs(model)} ON "{table}" TO portal_sys'
    if tenancy in WRITABLE:
        yield from _row_level(model, table, WRITABLE[tenancy])
    if tenancy is Tenancy.DIRECTORY:
        yield f'DROP POLICY IF EXISTS everybody_reads ON "{table}"'
        yield f'CREATE POLICY everybody_reads ON "{table}" FOR SELECT TO {RUNTIME_ROLES} USING (true)'


def _row_level(model: type[models.Model], table: str, condition: str) -> Iterator[str]:
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'
    yield f'DROP POLICY IF EXISTS tenant ON "{table}"'
    yield f'CREATE POLICY tenant ON "{table}" TO {RUNTIME_ROLES} USING ({condition}) WITH CHECK ({condition})'
    yield f'DROP POLICY IF EXISTS system ON "{table}"'
    if getattr(model, "system_may", True):
        yield f'CREATE POLICY system ON "{table}" TO portal_sys USING (true) WITH CHECK (true)'


def _verbs(model: type[models.Model], tenancy: Tenancy | None) -> str:
    if tenancy in {Tenancy.REFERENCE, Tenancy.STATISTICS}:
        return "SELECT"
    return _system_verbs(model)


def _system_verbs(model: type[models.Model]) -> str:
    return "SELECT, INSERT" if getattr(model, "append_only", False) else "SELECT, INSERT, UPDATE, DELETE"


def fingerprint(model: type[models.Model]) -> str:
    return "tenancy " + hashlib.sha256("\n".join(statements(model)).encode()).hexdigest()[:16]


@transaction.atomic
def sync_policies() -> list[str]:
    """Bring grants, policies and the signing key in line with the code; returns the tables that were changed."""
    changed = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('tenancy.sync_policies'))")
        _store_key(cursor)
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {EVERY_ROLE}")
        cursor.execute(f"GRANT SELECT ON django_migrations TO {EVERY_ROLE}")  # is this release's schema in place?
        for model in all_models():
            table = model._meta.db_table
            cursor.execute("SELECT obj_description(to_regclass(%s), 'pg_class')", [f'"{table}"'])
            if cursor.fetchone()[0] == fingerprint(model):
                continue
            for statement in statements(model):
                cursor.execute(statement)
            cursor.execute(f'COMMENT ON TABLE "{table}" IS %s', [fingerprint(model)])
            changed.append(table)
    return changed


def _store_key(cursor: Any) -> None:
    key = bytes.fromhex(settings.TENANCY_KEY).ljust(64, b"\0")
    pads = (bytes(b ^ 0x36 for b in key), bytes(b ^ 0x5C for b in key))
    cursor.execute("DELETE FROM tenancy.signing_key")
    cursor.execute("INSERT INTO tenancy.signing_key (inner_pad, outer_pad) VALUES (%s, %s)", pads)


def sync_after_migrate(*, app_config: Any, **_: object) -> None:
    """`post_migrate` comes once per app; the last of ours is the one that finds every table."""
    if app_config.label == "api" and not missing_tables():
        sync_policies()


def missing_tables() -> set[str]:
    """Tables of models that are not in the database yet: a migration to an earlier state is under way."""
    return {m._meta.db_table for m in all_models()} - set(connection.introspection.table_names())

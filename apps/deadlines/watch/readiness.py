"""Whether this process can do its work: for load balancers, which ask often and understand little."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader

from apps.deadlines.watch.broker import ask_broker
from apps.tenancy.checks import login_is_unbound
from apps.tenancy.context import Context, acting_as


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. `needed`: without it the process must get no requests."""

    ok: bool
    detail: str = ""
    needed: bool = True


def readiness() -> dict[str, Finding]:
    """Every check by name. Details name no host, no person, no tenant."""
    found = {name: _safely(check) for name, check in CHECKS.items()} if _answers() else {"database": GONE}
    broker = ask_broker()
    return {**found, "broker": Finding(broker.answers, "" if broker.answers else BROKER_GONE, needed=False)}


def is_ready(findings: Mapping[str, Finding]) -> bool:
    return all(finding.ok for finding in findings.values() if finding.needed)


NOBODY = -1
GONE = Finding(ok=False, detail="The database does not answer.")
BROKER_GONE = "The broker does not answer. Nothing is lost: the sweeper does the work, a little later."


def _answers() -> bool:
    return _safely(_select_one).ok


def _safely(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Error as problem:
        if not connection.in_atomic_block:
            connection.close()
        return Finding(ok=False, detail=f"The database refused: {type(problem).__name__}.")


def _select_one() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Finding(ok=True)


def _migrations() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        missing = sorted(f"{app}.{name}" for app, name in expected_migrations() - set(cursor.fetchall()))
    return Finding(not missing, f"Not migrated: {', '.join(missing)}." if missing else "")


@cache
def expected_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of every app in this release's code."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _tenancy() -> Finding:
    """The login is bound by row-level security, may take the role it acts in, and signs as the database expects."""
    if settings.ENVIRONMENT != "test" and login_is_unbound():
        return Finding(ok=False, detail="The login role bypasses row-level security.")
    with acting_as(Context(user_id=NOBODY)), connection.cursor() as cursor:
        cursor.execute("SELECT tenancy.user_id()")
        signed = cursor.fetchone() == (NOBODY,)
    return Finding(signed, "" if signed else "The database does not accept this process's tenant context.")


def _cache() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_cache') IS NOT NULL")
        there = cursor.fetchone() == (True,)
    return Finding(there, "" if there else "The table of the cache is missing: run createcachetable.", needed=False)


CHECKS: Mapping[str, Callable[[], Finding]] = MappingProxyType(
    {"database": _select_one, "migrations": _migrations, "tenancy": _tenancy, "cache": _cache}
)

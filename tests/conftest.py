"""What every test may rely on: a real PostgreSQL with its roles, and conventions that fail where they are broken."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest
from celery import current_task
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import connection
from django.test import TestCase
from django.utils import timezone, translation
from pytest_httpserver import HTTPServer

from apps.tenancy import context
from apps.tenancy.context import AS_OWNER, Context, acting_as

LEFT_BEHIND = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
SHARED = Path(__file__).resolve().parents[2] / "shared" / "fixtures"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not SHARED.is_dir():
        absent = pytest.mark.skip(reason="the shared official files are not on this machine")
        for item in items:
            if item.get_closest_marker("shared_fixtures"):
                item.add_marker(absent)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Roles belong to the cluster, so they must be there before the test database is made."""
    call_command("db_bootstrap")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        call_command("createcachetable")
        with connection.cursor() as cursor:  # tests that other processes look into are emptied by TRUNCATE
            cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER audit_is_not_truncated")
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(LEFT_BEHIND)  # a killed worker's session outlives it for a moment, and would keep the database


@pytest.fixture(autouse=True)
def web_is_not_the_system(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No request becomes the system: tests log in as the owner, who may; the web's own role may not."""
    role_of, answering = context._role, ContextVar("answering", default=False)

    def role(who: Context | None) -> str:
        found = role_of(who)
        assert not (found == context.SYSTEM_ROLE and answering.get() and not current_task), f"the web acts as {who}"
        return found

    def begun(**_: Any) -> None:
        answering.set(True)

    def done(**_: Any) -> None:
        answering.set(False)

    monkeypatch.setattr(context, "_role", role)
    request_started.connect(begun)
    request_finished.connect(done)
    yield
    request_started.disconnect(begun)
    request_finished.disconnect(done)


@pytest.fixture
def shared() -> Path:
    return SHARED


@pytest.fixture(autouse=True)
def as_owner(request: pytest.FixtureRequest, db: None) -> Iterator[None]:
    """Tests set the scene as the owner, who sees everything; what is tested runs as whoever acts.

    Tests whose data other processes must see (`django_db(transaction=True)`) open contexts themselves.
    """
    marker = request.node.get_closest_marker("django_db")
    if (marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames:
        yield
        return
    with acting_as(AS_OWNER):
        yield


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """A request leaves its reader's language and time zone behind in the thread; no test starts with another's."""
    translation.activate("en")
    timezone.deactivate()
    yield
    translation.activate("en")
    timezone.deactivate()


@pytest.fixture
def acting() -> Callable[[Context], AbstractContextManager[Context]]:
    """`with acting(principal):` runs a block as somebody, bound by both nets."""
    return acting_as


@pytest.fixture
def commit() -> Callable[[], AbstractContextManager[list[Callable[[], Any]]]]:
    """`with commit():` runs what the block queued for after the commit."""
    return lambda: TestCase.captureOnCommitCallbacks(execute=True)


@pytest.fixture(scope="session")
def make_httpserver() -> Iterator[HTTPServer]:
    """It answers several at once, as any server of a platform does."""
    with HTTPServer(host="127.0.0.1", threaded=True) as server:
        yield server


@pytest.fixture(autouse=True)
def celery_eager() -> None:
    from referral_portal.celery import app

    app.conf.task_always_eager = True
    app.conf.task_eager_propagates = True

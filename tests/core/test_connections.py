import pytest
from django.db import connection

from apps.core import connections

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def checked(settings):
    """Django's own receivers are cut in tests, which keep one connection; what they do to it is done here."""
    connection.ensure_connection()
    before = (connection.health_check_enabled, connection.health_check_done)
    connection.health_check_enabled, connection.health_check_done = True, False
    connection.errors_occurred = False
    yield
    connection.health_check_enabled, connection.health_check_done = before


def test_what_answered_a_moment_ago_is_not_asked_again():
    connections.remember()
    connection.health_check_done = False
    connections.trust_fresh()

    assert connection.health_check_done


def test_what_has_been_idle_is_asked(monkeypatch):
    connections.remember()
    connection.health_check_done = False
    monkeypatch.setattr(connections, "FRESH_SECONDS", 0.0)
    connections.trust_fresh()

    assert not connection.health_check_done


def test_what_failed_is_asked():
    connection.errors_occurred = True
    connections.remember()
    connection.health_check_done = connection.errors_occurred = False
    connections.trust_fresh()

    assert not connection.health_check_done

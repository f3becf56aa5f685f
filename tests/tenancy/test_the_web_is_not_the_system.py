import psycopg
import pytest
from django.core.signals import request_finished, request_started
from django.db import ProgrammingError, connection, transaction

from apps.tenancy.context import acting_as, system


def test_a_request_that_would_become_the_system_fails_in_every_test():
    request_started.send(sender=None)
    try:
        with pytest.raises(AssertionError, match="the web acts as"), acting_as(system("look around")):
            pass
    finally:
        request_finished.send(sender=None)


def test_the_database_refuses_the_web_to_become_the_system():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role('portal_web', 'portal_sys', 'MEMBER')")
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize("act", ["SELECT tenancy.note_reached(1, 'a@b.example', true, now())"])
def test_the_web_cannot_call_what_only_other_functions_may(act):
    with pytest.raises(ProgrammingError) as refused:
        as_the_web(act)
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


def as_the_web(act):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE portal_web")
        cursor.execute(act)

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection

from apps.core.errors import Refused
from apps.deadlines.management.commands import sweep as command
from apps.deadlines.models import Heartbeat
from apps.deadlines.watch import listening
from apps.deadlines.watch.heartbeats import in_short, note_run, noted
from apps.delivery.mail.composing import AddressRefused, checked
from apps.delivery.tasks import deliver_pending
from apps.tenancy.context import Context, acting_as, system

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def beat(name):
    return Heartbeat.objects.get(name=name)


def broken():
    try:
        checked("two@people.example\r\nBcc: third@people.example")
    except AddressRefused as problem:
        return problem
    raise AssertionError


class TestARun:
    def test_is_written_down_in_one_statement(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert note_run(["b", "a"], seconds=2.5, at=NOON)
        row = beat("a")
        assert (row.last_started_at, row.last_succeeded_at) == (NOON - timedelta(seconds=2.5), NOON)
        assert (row.last_failed_at, row.last_seconds, row.run_count, row.failure_count) == (None, 2.5, 1, 0)

    def test_that_failed_leaves_the_last_success_as_it_was(self):
        note_run(["a"], at=NOON)
        note_run(["a"], error=broken(), at=NOON + timedelta(minutes=1))
        row = beat("a")
        assert (row.last_succeeded_at, row.last_failed_at) == (NOON, NOON + timedelta(minutes=1))
        assert (row.run_count, row.failure_count) == (2, 1)

    def test_that_is_told_late_does_not_turn_time_back(self):
        note_run(["a"], at=NOON)
        note_run(["a"], at=NOON - timedelta(hours=1))
        assert beat("a").last_succeeded_at == NOON

    def test_has_the_time_of_the_database(self):
        note_run(["a"])
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            assert timedelta(0) <= cursor.fetchone()[0] - beat("a").last_succeeded_at < timedelta(minutes=1)

    def test_tells_where_it_failed_and_of_nobody(self):
        said = in_short(broken())
        assert said.startswith("AddressRefused in apps.delivery.mail.composing, line ")
        assert "people.example" not in said
        assert in_short(Refused("Somebody <person@people.example>")) == "Refused"

    @pytest.mark.parametrize("context", [system("test"), Context(user_id=1)])
    def test_can_be_written_down_by_every_role(self, context):
        with acting_as(context):
            assert note_run(["a"])

    def test_goes_on_without_the_database(self, monkeypatch):
        with monkeypatch.context() as patched:
            patched.setattr(connection, "cursor", gone)
            with noted("a"):
                done = True
            assert done
            assert note_run(["a"]) is False
        assert not Heartbeat.objects.exists()


def gone(*_args, **_options):
    raise OperationalError("the database is away")


class Request:
    def __init__(self, *, is_eager):
        self.id, self.is_eager = "7", is_eager


class Sender:
    name = "delivery.deliver_pending"

    def __init__(self, *, is_eager=False):
        self.request = Request(is_eager=is_eager)


class TestAWorker:
    def test_tells_of_success(self):
        sender = Sender()
        listening.began(sender=sender, task_id="7")
        listening.succeeded(sender=sender, result=1)
        assert beat(sender.name).last_failed_at is None
        assert listening._started == {}

    def test_tells_of_failure(self):
        sender = Sender()
        listening.began(sender=sender, task_id="7")
        listening.failed(sender=sender, task_id="7", exception=ValueError("a name"))
        assert (beat(sender.name).last_error, beat(sender.name).failure_count) == ("ValueError", 1)

    def test_tells_of_a_child_that_was_killed(self):
        listening.failed(sender=Sender(), task_id="8", exception=RuntimeError())
        assert beat(Sender.name).failure_count == 1

    def test_says_nothing_of_what_runs_within_a_request(self):
        deliver_pending.delay()  # eager: as a nudge in these tests
        listening.failed(sender=Sender(is_eager=True), task_id="9", exception=RuntimeError())
        assert not Heartbeat.objects.exists()

    def test_listens(self):
        from celery import signals

        for signal in (signals.task_prerun, signals.task_success, signals.task_failure, signals.beat_init):
            assert any(str(key).find("deadlines.") >= 0 for (key, _sender), _receiver in signal.receivers)


def test_beat_tells_that_it_lives_but_not_at_every_message(monkeypatch):
    monkeypatch.setattr(listening, "_beat_noted_at", float("-inf"))
    for _message in range(5):
        listening.beat_published()
    assert beat("beat").run_count == 1


@pytest.mark.django_db(transaction=True)
class TestTheSweeper:
    def test_tells_of_itself_and_of_each_sweep(self):
        command.sweep()
        assert set(Heartbeat.objects.values_list("name", flat=True)) == {
            "sweeper",
            *(task.name for task in command.SWEEPS),
            *command.OF_STRANGERS,
        }

    def test_goes_on_where_the_database_was_away(self, monkeypatch):
        def away(**_):
            raise OperationalError("the database is away")

        monkeypatch.setattr(deliver_pending, "run", away)
        done = command.sweep()
        assert "delivery.deliver_pending" not in done
        assert "referrals.start_clocks" in done
        assert beat("delivery.deliver_pending").last_error.startswith("OperationalError")

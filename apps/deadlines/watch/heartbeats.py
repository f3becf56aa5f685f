"""Write down that something ran: one statement a run, by the database's clock, and never a reason to fail."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Any

import structlog
from django.db import Error, connection

log = structlog.get_logger(__name__)

# In the order of names, so that two processes that write the same ones never wait for each other in a ring.
_NOTE = """
INSERT INTO deadlines_heartbeat AS known
  (name, expected_since, last_started_at, last_succeeded_at, last_failed_at, last_error, last_seconds, run_count,
   failure_count)
SELECT name, at, at - make_interval(secs => %(seconds)s), CASE WHEN %(error)s = '' THEN at END,
       CASE WHEN %(error)s <> '' THEN at END, %(error)s, %(seconds)s, 1, CASE WHEN %(error)s <> '' THEN 1 ELSE 0 END
  FROM unnest(%(names)s::text[]) AS name, (SELECT coalesce(%(at)s::timestamptz, clock_timestamp()) AS at) AS clock
 ORDER BY name
ON CONFLICT (name) DO UPDATE
   SET last_started_at = greatest(known.last_started_at, excluded.last_started_at),
       last_succeeded_at = greatest(known.last_succeeded_at, excluded.last_succeeded_at),
       last_failed_at = greatest(known.last_failed_at, excluded.last_failed_at),
       last_error = CASE WHEN excluded.last_error = '' THEN known.last_error ELSE excluded.last_error END,
       last_seconds = excluded.last_seconds,
       run_count = known.run_count + 1, failure_count = known.failure_count + excluded.failure_count
"""
_EXPECT = """
INSERT INTO deadlines_heartbeat AS known (name, expected_since)
SELECT name, %(at)s FROM unnest(%(names)s::text[]) AS name ORDER BY name
ON CONFLICT (name) DO UPDATE SET expected_since = excluded.expected_since WHERE %(afresh)s
"""


def note_run(
    names: Iterable[str], *, seconds: float = 0.0, error: BaseException | None = None, at: datetime | None = None
) -> bool:
    """Write down a run that has ended just now; returns whether the database took it.

    A database that does not take it costs the note, not the work. `at` stands in for the clock of the database.
    """
    facts: dict[str, Any] = {
        "names": sorted(names),
        "seconds": seconds,
        "error": in_short(error) if error else "",
        "at": at,
    }
    try:
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, facts)
    except Error as problem:
        log.warning("heartbeat.lost", names=facts["names"], problem=type(problem).__name__)
        if not connection.in_atomic_block:
            connection.close()
        return False
    return True


@contextmanager
def noted(*names: str) -> Iterator[None]:
    """Write down how the block went; what it raises goes on its way."""
    start = time.perf_counter()
    try:
        yield
    except Exception as problem:
        note_run(names, seconds=time.perf_counter() - start, error=problem)
        raise
    note_run(names, seconds=time.perf_counter() - start)


def expect(names: Sequence[str], *, afresh: bool, at: datetime) -> None:
    """From `at` on, what has never run is missed. `afresh`: all of it, whatever was before (everything was down)."""
    with connection.cursor() as cursor:
        cursor.execute(_EXPECT, {"names": list(names), "at": at, "afresh": afresh})


def in_short(error: BaseException) -> str:
    """The class of an error and where in our code it came up. Its text may name people, and is for the logs."""
    place = _place(error.__traceback__)
    return f"{type(error).__name__} in {place}"[:200] if place else type(error).__name__[:200]


def _place(traceback: TracebackType | None) -> str:
    """The innermost line of ours."""
    found = ""
    while traceback is not None:
        module = str(traceback.tb_frame.f_globals.get("__name__", ""))
        if module.startswith("apps."):
            found = f"{module}, line {traceback.tb_lineno}"
        traceback = traceback.tb_next
    return found

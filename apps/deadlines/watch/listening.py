"""Heartbeats of workers and of beat, heard from Celery's signals. What runs inside a request is no heartbeat."""

import time
from typing import Any

from celery import Task, signals
from django.db import connection

from apps.deadlines.watch.heartbeats import note_run
from apps.deadlines.watch.limits import BEAT

BEAT_NOTES_SECONDS = 10.0
_started: dict[str, float] = {}
_beat_noted_at = float("-inf")


def listen() -> None:
    signals.task_prerun.connect(began, dispatch_uid="deadlines.began")
    signals.task_success.connect(succeeded, dispatch_uid="deadlines.succeeded")
    signals.task_failure.connect(failed, dispatch_uid="deadlines.failed")
    signals.beat_init.connect(beat_began, dispatch_uid="deadlines.beat_began")
    signals.beat_embedded_init.connect(beat_began, dispatch_uid="deadlines.embedded_beat_began")


def began(*, sender: Task[Any, Any], task_id: str, **_: Any) -> None:
    if not sender.request.is_eager:
        _started[task_id] = time.perf_counter()


def succeeded(*, sender: Task[Any, Any], **_: Any) -> None:
    start = _started.pop(str(sender.request.id), None)
    if start is not None:
        note_run([sender.name], seconds=time.perf_counter() - start)


def failed(*, sender: Task[Any, Any], task_id: str, exception: BaseException, **_: Any) -> None:
    """In the process that ran it; or, where that was killed, in its parent, which keeps no connection for children."""
    if sender.request.is_eager:
        return
    start = _started.pop(task_id, None)
    note_run([sender.name], seconds=0.0 if start is None else time.perf_counter() - start, error=exception)
    if start is None and not connection.in_atomic_block:
        connection.close()


def beat_began(**_: Any) -> None:
    """This process is beat: whatever it hands to the broker shows that it lives."""
    signals.after_task_publish.connect(beat_published, dispatch_uid="deadlines.beat_published")


def beat_published(**_: Any) -> None:
    global _beat_noted_at  # noqa: PLW0603  one beat per process
    if time.monotonic() - _beat_noted_at >= BEAT_NOTES_SECONDS:
        _beat_noted_at = time.monotonic()
        note_run([BEAT])

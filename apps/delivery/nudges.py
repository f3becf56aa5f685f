import time
from collections.abc import Callable
from typing import Any

import structlog
from celery.exceptions import CeleryError
from kombu.exceptions import KombuError

PATIENCE_SECONDS = 30
log = structlog.get_logger(__name__)
_quiet_until = 0.0


def nudge(publish: Callable[[], Any]) -> bool:
    """Hurry a worker by a message; returns whether the broker took it.

    A broker that does not answer is left alone for half a minute, so that no person waits for it twice: what it would
    have hurried is found by the next sweep.
    """
    global _quiet_until  # noqa: PLW0603  one patience per process, like one broker
    if time.monotonic() < _quiet_until:
        return False
    try:
        publish()
    except (KombuError, CeleryError, OSError) as problem:
        _quiet_until = time.monotonic() + PATIENCE_SECONDS
        log.warning("broker.away", problem=type(problem).__name__)
        return False
    return True

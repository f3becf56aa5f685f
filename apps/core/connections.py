"""Django asks each connection before each request whether it still lives; one that answered a second ago need not say.

A database that goes away within that second costs one request per connection, which is what it costs in its midst.
"""

import time

from django.core.signals import request_finished, request_started
from django.db import connections

FRESH_SECONDS = 1.0
ANSWERED_AT = "portal_answered_at"  # our own mark on Django's connection wrapper


def remember(**_: object) -> None:
    for connection in connections.all(initialized_only=True):
        usable = connection.connection is not None and not connection.errors_occurred
        setattr(connection, ANSWERED_AT, time.monotonic() if usable else None)


def trust_fresh(**_: object) -> None:
    for connection in connections.all(initialized_only=True):
        answered_at: float | None = getattr(connection, ANSWERED_AT, None)
        if answered_at is not None and time.monotonic() - answered_at < FRESH_SECONDS:
            connection.health_check_done = True  # type: ignore[attr-defined]  # the stubs do not know it


def watch() -> None:
    """Django's own receiver comes first: it has put the question on the list by then."""
    request_started.connect(trust_fresh, dispatch_uid="core.trust_fresh")
    request_finished.connect(remember, dispatch_uid="core.remember")

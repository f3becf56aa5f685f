from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor


def fetch(statement: str, facts: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement that every request runs, planned once per connection instead of each time; all its rows.

    Django binds values into the text, which no server can plan ahead. Where connections are shared by transaction
    (pgbouncer before 1.22), `PREPARE_STATEMENTS=false` goes back to that.
    """
    if not settings.PREPARE_STATEMENTS:
        with connection.cursor() as plain:
            plain.execute(statement, facts)
            return plain.fetchall()
    connection.ensure_connection()
    connection.connection.prepare_threshold = 2
    with closing(connection._prepare_cursor(ServerBindingCursor(connection.connection))) as cursor:  # type: ignore[attr-defined]  # Django's own wrapping: errors and the query log stay the same
        cursor.execute(statement, facts)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows

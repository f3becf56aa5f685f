from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor as _ServerBindingCursor

ServerBindingCursor: Any = _ServerBindingCursor


def fetch(statement: str, facts: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement that every request runs, planned once per connection instead of each time; all its rows.

    Django binds values into the text, which no server can plan ahead. Where connections are shared by transaction
    (pgbouncer before 1.22), `PREPARE_STATEMENTS=false` goes back to that.
    """
    if not settings.PREPARE_STATEMENTS:
        with connection.cursor() as plain:
            plain.execute(statement, facts)
            return list(plain.fetchall())
    connection.ensure_connection()
    raw: Any = connection  # what is used of it, the stubs do not know
    raw.connection.prepare_threshold = 2
    with closing(
        raw._prepare_cursor(ServerBindingCursor(raw.connection))
    ) as cursor:  # errors and query log stay Django's
        cursor.execute(statement, facts)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def integers(values: Iterable[int | None]) -> str:
    """An array of PostgreSQL, for a parameter that is cast to one: hundreds of values are written at once."""
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"

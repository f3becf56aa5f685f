"""Bulk loading: `COPY` of unsaved model instances, several times faster than inserting them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import connection, models
from psycopg.types.json import Jsonb

IDS_AT_ONCE = 5_000


def ids_of(model: type[models.Model]) -> Iterator[int]:
    """New primary keys of a table, fetched many at a time, so that rows can name each other before they are written."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [model._meta.db_table, IDS_AT_ONCE],
            )
            ids = [row[0] for row in cursor.fetchall()]
        yield from ids


def copy_in(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """Write rows that have their primary keys. Fields are taken as they are: no signals, no `save`."""
    readers = [(field.attname, _shape(field)) for field in model._meta.concrete_fields]
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    statement = f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN'
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            facts = vars(row)
            copy.write_row([shape(facts[name]) if shape else facts[name] for name, shape in readers])


def _shape(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """What a value needs before it can be sent: JSON its wrapper, a choice its plain word."""
    if isinstance(field, models.JSONField):
        return _json
    return _word if isinstance(field, models.CharField) else None


def _json(value: Any) -> Jsonb | None:
    return None if value is None else Jsonb(value)


def _word(value: Any) -> str | None:
    return None if value is None else str(value)

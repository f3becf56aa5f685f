"""Many rows like one: cloned by the database, for tests and measurements that need thousands of them."""

from django.db import connection, models


def clone(row: models.Model, count: int, **columns: str) -> None:
    """`count` copies of a row; `columns` are SQL over `n`, the number of the copy from 1 on, and `template`.

    A table's own defaults fill what is not copied: its key.
    """
    table = row._meta.db_table
    kept = [str(field.column) for field in row._meta.concrete_fields if not field.primary_key]
    chosen = ", ".join(columns.get(name, f"template.{name}") for name in kept)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(kept)}) SELECT {chosen} FROM {table} template, "
            f"generate_series(1, {int(count)}) AS n WHERE template.id = %s",
            [row.pk],
        )

"""The Commission's list: counts of what stayed unanswered, without any reference or sender."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db import connection

from apps.deadlines.models.escalation import Age
from apps.deadlines.services.waiting import Waiting

_ADD = """
INSERT INTO deadlines_escalation AS e (platform_id, instrument, area, day, age, count)
SELECT * FROM jsonb_to_recordset(%(cells)s::jsonb) AS cell(
  platform_id bigint, instrument text, area text, day date, age text, count int)
 ORDER BY 1, 2, 3, 4, 5
ON CONFLICT (day, platform_id, instrument, area, age) DO UPDATE SET count = e.count + excluded.count
"""
BOUNDS = ((timedelta(days=1), Age.DAY), (timedelta(days=3), Age.DAYS), (timedelta(days=7), Age.WEEK))


def note_escalations(rows: Sequence[Waiting], *, at: datetime) -> None:
    """Count what came on the list, in one statement. The order of its rows keeps two sweepers from waiting in a ring.

    What is played in a platform's sandbox is no fact about it.
    """
    day = at.astimezone(UTC).date().isoformat()
    cells = Counter(
        (row.recipient_id, row.instrument, row.area, day, age_of(row, at=at).value)
        for row in rows
        if not row.is_practice
    )
    names = ("platform_id", "instrument", "area", "day", "age")
    given = [{**dict(zip(names, cell, strict=True)), "count": count} for cell, count in cells.items()]
    if given:
        with connection.cursor() as cursor:
            cursor.execute(_ADD, {"cells": json.dumps(given)})


def age_of(row: Waiting, *, at: datetime) -> Age:
    late = at - row.clock.due_at
    return next((age for bound, age in BOUNDS if late <= bound), Age.OLDER)

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from django.db import connection

from apps.statistics.disclosure import SENSITIVE_AREAS, SENSITIVE_KEYWORDS
from apps.statistics.indicators import VERSION
from apps.statistics.models import Compilation
from apps.statistics.services.statement import count_everything
from apps.taxonomy.outcomes import DECISIONS, REMOVALS, RESTRICTIONS
from apps.tenancy.context import acting_as, system

NEWEST_KEPT = 3
LONGEST_COUNT_SECONDS = 240  # less than a task may take


def compile_figures(*, at: datetime) -> Compilation | None:
    """Count everything anew, as it stands at `at`; None: another count is under way.

    The old figures are seen until the new ones are committed, all at once. Compiling twice at one instant replaces
    the first. Of older compilations the last of each month stays, to show figures as they were published then.
    """
    with acting_as(system("count")):
        if not _alone():
            return None
        Compilation.objects.filter(as_of=at).delete()
        _count(at)
        _forget_superseded()
        return Compilation.objects.get(as_of=at)


def _alone() -> bool:
    """Hold the count's lock until the transaction ends, or learn that somebody else does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('statistics.compile_figures'))")
        return bool(cursor.fetchone()[0])


def _count(at: datetime) -> None:
    facts: dict[str, Any] = {
        "at": at,
        "definition": VERSION,
        "decisions": _codes(DECISIONS),
        "removals": _codes(REMOVALS),
        "restrictions": _codes(RESTRICTIONS),
        "sensitive_areas": _codes(SENSITIVE_AREAS),
        "sensitive_keywords": _codes(SENSITIVE_KEYWORDS),
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = %s", [f"{LONGEST_COUNT_SECONDS}s"])
        cursor.execute(count_everything(), facts)


def _codes(members: Iterable[Enum]) -> list[str]:
    return sorted(str(member.value) for member in members)


def _forget_superseded() -> None:
    kept_months, superseded = set(), []
    newest_first = Compilation.objects.order_by("-as_of").values_list("pk", "as_of")
    for position, (pk, as_of) in enumerate(newest_first):
        month = as_of.astimezone(UTC).strftime("%Y-%m")
        if position >= NEWEST_KEPT and month in kept_months:
            superseded.append(pk)
        kept_months.add(month)
    Compilation.objects.filter(pk__in=superseded).delete()

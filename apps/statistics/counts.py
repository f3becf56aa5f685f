from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import chain
from typing import Any

DURATIONS = ("decision_seconds", "action_seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was counted in any number of cells of one dimension, added up; the words are those of `Cell`."""

    cases: int = 0
    referrals: int = 0
    sent_referrals: int = 0
    items: int = 0
    sent_items: int = 0
    sensitive_items: int = 0
    delivered: int = 0
    withdrawn: int = 0
    decided: int = 0
    removed: int = 0
    restricted: int = 0
    refused: int = 0
    other: int = 0
    overdue: int = 0
    within_hour: int = 0
    within_day: int = 0
    within_two_days: int = 0
    within_week: int = 0
    later: int = 0
    decision_seconds: Sequence[int] = ()
    action_seconds: Sequence[int] = ()

    @property
    def answerable(self) -> int:
        """Delivered items that the sender did not take back before they were decided."""
        return self.delivered - self.withdrawn

    @property
    def undecided(self) -> int:
        return self.answerable - self.decided

    @property
    def acted_on(self) -> int:
        return self.removed + self.restricted


COUNTED = tuple(field.name for field in fields(Counts) if field.name not in DURATIONS)


def total(cells: Iterable[Mapping[str, Any]]) -> Counts:
    """Add up cells, given as mappings of their fields; durations, where they were read, stay single values, sorted."""
    rows = list(cells)
    added: dict[str, Any] = {name: sum(row[name] for row in rows) for name in COUNTED}
    added |= {name: sorted(chain.from_iterable(row.get(name, ()) for row in rows)) for name in DURATIONS}
    return Counts(**added)

"""Open items group by group, what is due first within each, as pages by position: see `paging` for why.

The items of a referral share its due time, so a group is walked referral by referral along an index of referrals
(`referral_waiting_by_…`), and the items of each along theirs.
"""

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.fields.tuple_lookups import (
    TupleGreaterThan,
    TupleGreaterThanOrEqual,
    TupleLessThan,
    TupleLessThanOrEqual,
)
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.referrals.models import Item
from apps.referrals.paging import AFTER, BEFORE, Page
from apps.referrals.querysets import UNANSWERED_STATES, ItemQuerySet

DUE, REFERRAL, ITEM = F("referral__due_at"), F("referral_id"), F("pk")


class Grouping(models.TextChoices):
    """By what the items of a worklist stand together. By referral is what due order gives by itself."""

    REFERRAL = "referral", _("Referral")
    SENDER = "sender", _("Sender")
    INSTRUMENT = "instrument", _("Instrument")
    CONTENT = "content", _("Content")

    @property
    def column(self) -> str:
        return {"sender": "sender_id", "instrument": "instrument", "content": "category"}[self.value]


@dataclass(frozen=True, slots=True)
class _Place:
    side: str
    group: int | str
    due_at: datetime | None
    referral: int
    item: int


def read_grouped(rows: ItemQuerySet, grouping: Grouping, *, by: Principal, cursor: str = "", size: int) -> Page[Item]:
    """The page a cursor asks for, of open items sent to `by`; a cursor of another grouping gives the first page.

    One query, and up to two more where the page runs over the end of a group.
    """
    rows = rows.open().filter(
        referral__recipient=by.organisation_id, referral__disclosed=True, referral__state__in=UNANSWERED_STATES
    )
    place = _decode(cursor, grouping)
    back = place is not None and place.side == BEFORE
    found = _take(rows, grouping, place, size + 1, back=back)
    if back and len(found) < size:  # the beginning came closer than a page: show it whole
        return read_grouped(rows, grouping, by=by, size=size)
    shown = found[:size][::-1] if back else found[:size]
    more = len(found) > size
    previous, further = (more, True) if back else (place is not None, more)
    return Page(
        shown,
        previous=_encode(grouping, BEFORE, shown[0]) if previous and shown else None,
        next=_encode(grouping, AFTER, shown[-1]) if further and shown else None,
    )


def _take(rows: ItemQuerySet, grouping: Grouping, place: _Place | None, count: int, *, back: bool) -> list[Item]:
    columns: list[Any] = [F(f"referral__{grouping.column}"), DUE, REFERRAL, ITEM]
    order = [column.desc() if back else column.asc() for column in columns]
    found: list[Item] = []
    for stretch in _stretches(grouping, place):
        if len(found) < count:
            found += rows.filter(stretch).order_by(*order)[: count - len(found)]
    return found


def _stretches(grouping: Grouping, place: _Place | None) -> Iterator[Q]:
    """The rest of the row's referrals with (or without) a due time, those without (or with) one, the other groups."""
    if place is None:
        yield Q()
        return
    group, back = f"referral__{grouping.column}", place.side == BEFORE
    within = Q(**{group: place.group})
    beyond, from_here = (TupleLessThan, TupleLessThanOrEqual) if back else (TupleGreaterThan, TupleGreaterThanOrEqual)
    if place.due_at is None:
        rest = Q(referral__due_at__isnull=True) & Q(beyond((REFERRAL, ITEM), (place.referral, place.item)))
        yield within & rest
        if back:
            yield within & Q(referral__due_at__isnull=False)
    else:
        due, referral, item = place.due_at, place.referral, place.item
        indexed = Q(from_here((DUE, REFERRAL), (due, referral)))  # what an index of referrals can be entered by
        yield within & indexed & Q(beyond((DUE, REFERRAL, ITEM), (due, referral, item)))
        if not back:
            yield within & Q(referral__due_at__isnull=True)
    yield Q(**{f"{group}__lt" if back else f"{group}__gt": place.group})


def _encode(grouping: Grouping, side: str, row: Item) -> str:
    due_at = row.referral.due_at
    group = getattr(row.referral, grouping.column)
    facts = [grouping.value, side, group, due_at.isoformat() if due_at else None, row.referral_id, row.pk]
    return base64.urlsafe_b64encode(json.dumps(facts, separators=(",", ":")).encode()).decode().rstrip("=")


def _decode(cursor: str, grouping: Grouping) -> _Place | None:
    """None for whatever this grouping has not written: a cursor is convenience, never authority."""
    try:
        facts = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        name, side, group, value, referral, item = facts
        due_at = datetime.fromisoformat(value) if value is not None else None
    except (binascii.Error, ValueError, TypeError):
        return None
    keys = (referral, item, *([group] if grouping is Grouping.SENDER else []))
    is_ours = name == grouping.value and side in {AFTER, BEFORE} and not (due_at and due_at.tzinfo is None)
    if not is_ours or not all(type(key) is int and abs(key) < 2**63 for key in keys):
        return None
    if grouping is not Grouping.SENDER and not (isinstance(group, str) and group.isascii() and group.isprintable()):
        return None
    return _Place(side, group, due_at, referral, item)

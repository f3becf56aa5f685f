"""Pages by position instead of by number: as quick at the millionth row as at the first, and no row is ever skipped.

A page starts after (or ends before) a place: the sort value and the primary key of one row. Rows that share a sort
value are told apart by the key, so ties survive; rows without a value stand where PostgreSQL puts them (last
ascending, first descending), so that one index serves both directions.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, Self, TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan

M = TypeVar("M", bound=Model)

AFTER, BEFORE = "a", "b"


@dataclass(frozen=True, slots=True)
class Order:
    """A sort order by one moment and the primary key. `may_be_empty`: some rows have no such moment."""

    field: str
    descending: bool = False
    may_be_empty: bool = False

    def reversed(self) -> Self:
        return replace(self, descending=not self.descending)

    def columns(self) -> list[Any]:
        field, key = F(self.field), F("pk")
        return [field.desc(), key.desc()] if self.descending else [field.asc(), key.asc()]


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in an order, and on which side of it the page lies."""

    side: str
    value: datetime | None
    pk: int


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """One page of rows; `previous` and `next` are cursors, None at an end."""

    rows: Sequence[M]
    previous: str | None
    next: str | None

    @property
    def is_whole(self) -> bool:
        """Whether these are all the rows there are."""
        return self.previous is None and self.next is None


def read_page(rows: QuerySet[M], order: Order, *, cursor: str = "", size: int) -> Page[M]:
    """The page a cursor asks for; a cursor of another order, or none of ours, gives the first page.

    One query, or two where the page runs over into the rows without a moment.
    """
    place = _decode(cursor, order)
    if place is None:
        found = _take(rows, order, None, size + 1)
        return _page(found[:size], order, previous=False, further=len(found) > size)
    if place.side == AFTER:
        found = _take(rows, order, place, size + 1)
        return _page(found[:size], order, previous=True, further=len(found) > size)
    found = _take(rows, order.reversed(), place, size + 1)
    if len(found) < size:  # the beginning came closer than a page: show it whole
        return read_page(rows, order, size=size)
    return _page(found[:size][::-1], order, previous=len(found) > size, further=True)


def _page(rows: list[M], order: Order, *, previous: bool, further: bool) -> Page[M]:
    return Page(
        rows,
        previous=_encode(order, BEFORE, rows[0]) if previous and rows else None,
        next=_encode(order, AFTER, rows[-1]) if further and rows else None,
    )


def _take(rows: QuerySet[M], order: Order, place: Place | None, count: int) -> list[M]:
    """Up to `count` rows beyond a place, stretch by stretch: each stretch is one range of the index."""
    found: list[M] = []
    for stretch in _stretches(order, place):
        if len(found) < count:
            found += rows.filter(stretch).order_by(*order.columns())[: count - len(found)]
    return found


def _stretches(order: Order, place: Place | None) -> Iterator[Q]:
    if place is None:
        yield Q()
    elif place.value is None:
        yield Q(**{f"{order.field}__isnull": True, "pk__lt" if order.descending else "pk__gt": place.pk})
        if order.descending:
            yield Q(**{f"{order.field}__isnull": False})
    else:
        beyond = TupleLessThan if order.descending else TupleGreaterThan
        yield Q(beyond((F(order.field), F("pk")), (place.value, place.pk)))
        if order.may_be_empty and not order.descending:
            yield Q(**{f"{order.field}__isnull": True})


def _encode(order: Order, side: str, row: Model) -> str:
    value: datetime | None = getattr(row, order.field)
    facts = [order.field, order.descending, side, value.isoformat() if value else None, row.pk]
    return base64.urlsafe_b64encode(json.dumps(facts, separators=(",", ":")).encode()).decode().rstrip("=")


def _decode(cursor: str, order: Order) -> Place | None:
    """None for whatever this order has not written: a cursor is convenience, never authority."""
    try:
        facts = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        field, descending, side, value, pk = facts
        moment = datetime.fromisoformat(value) if value is not None else None
    except (binascii.Error, ValueError, TypeError):
        return None
    is_ours = (field, descending) == (order.field, order.descending) and side in {AFTER, BEFORE}
    if not is_ours or type(pk) is not int or abs(pk) >= 2**63 or (moment and moment.tzinfo is None):
        return None
    return Place(side, moment, pk) if moment or order.may_be_empty else None

"""What every list page is made of: queues as tabs, headings that sort, rows, and how many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.functional import Promise

from apps.portal.presenters.clock import ShownClock
from apps.portal.presenters.masking import is_masked, shown
from apps.portal.presenters.tiles import Tab
from apps.referrals.models import Item, Referral
from apps.referrals.paging import Order
from apps.referrals.selectors import CAP
from apps.referrals.transitions import ItemState, State

PAGE_SIZE = 50
PAGE_KEYS = ("cursor", "sel")


@dataclass(frozen=True, slots=True)
class Queue:
    """A tab: a selection of states people work through. `sort` is the order they do it in.

    `counts`: the states to count where those are not `states`. `desk`: whose, of a platform's items.
    """

    label: str | Promise
    states: tuple[str, ...] = ()
    overdue: bool = False
    sort: str = ""
    counts: tuple[str, ...] = ()
    desk: str = ""

    @property
    def address(self) -> str:
        parameters = QueryDict(mutable=True)
        parameters.setlist("state", list(self.states))
        for key, value in (("overdue", "1" if self.overdue else ""), ("desk", self.desk), ("sort", self.sort)):
            if value:
                parameters[key] = value
        return f"?{parameters.urlencode()}"


@dataclass(frozen=True, slots=True)
class Column:
    """A heading. Without `url` it does not sort; `direction` is what `aria-sort` says."""

    label: str | Promise
    url: str = ""
    direction: str = ""
    css: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralRow:
    """One referral in a list; `party` is the other side, `at` when it was filed or sent; `clock` how it stands."""

    reference: str
    subject: str
    party: str
    area: str
    urgency: str
    state: str
    item_count: int
    answered_count: int
    at: datetime | None
    clock: ShownClock


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One item in a list. `url` is empty where the address must not be shown."""

    reference: str
    referral: str
    url: str
    shown: str
    account: str
    kind: str
    value: str
    is_open: bool
    may_answer: bool
    decided_at: datetime | None
    clock: ShownClock


def clock_of(referral: Referral, annotated: Any = None) -> ShownClock:
    """`annotated`: the row that was read by `selectors.with_clocks`, where that is not the referral itself."""
    is_done = referral.state in {State.ANSWERED, State.CLOSED}
    row = annotated or referral
    return ShownClock(
        due_at=referral.due_at,
        met_at=referral.answered_at if is_done else None,
        is_paused=referral.state == State.INFO_REQUESTED,
        paused_since=getattr(row, "paused_since", None),
        is_statutory=getattr(row, "is_statutory", False),
    )


def referral_row(referral: Referral, *, is_sender: bool, annotated: Any = None) -> ReferralRow:
    """`annotated` as in `clock_of`."""
    return ReferralRow(
        reference=referral.reference,
        subject=referral.case.title if is_sender else str(referral.get_area_display()),
        party=referral.recipient.name if is_sender else referral.sender.name,
        area=str(referral.get_area_display()),
        urgency=referral.urgency,
        state=referral.state,
        item_count=referral.item_count,
        answered_count=0 if referral.state == State.WITHDRAWN else referral.item_count - referral.open_count,
        at=referral.filed_at if is_sender else referral.sent_at,
        clock=clock_of(referral, annotated),
    )


def item_row(item: Item, *, may_answer: bool) -> ItemRow:
    """The item was read by `selectors.with_clocks`, where its clock is shown."""
    hidden = is_masked(item.referral.area)
    clock = clock_of(item.referral, item)
    is_open = item.state == ItemState.OPEN
    shown_clock = clock if is_open else replace(clock, is_paused=False, met_at=item.decided_at)
    return ItemRow(
        reference=item.reference,
        referral=item.referral.reference,
        url="" if hidden else item.url,
        shown=shown(item.url, hidden=hidden),
        account=item.account,
        kind="outcome" if item.outcome else "item",
        value=item.outcome or item.state,
        is_open=is_open,
        may_answer=may_answer and item.state != ItemState.WITHDRAWN,
        decided_at=item.decided_at,
        clock=shown_clock if item.state != ItemState.WITHDRAWN else ShownClock(),
    )


def queue_tabs(queues: Sequence[Queue], counts: Mapping[str, int], *, current: Queue | None) -> list[Tab]:
    """The tabs, with how many wait in each where that is known (by the queue's address)."""
    return [
        Tab(queue.label, queue.address, is_current=queue == current, count=capped(counts.get(queue.address)))
        for queue in queues
    ]


def capped(count: int | None) -> str | None:
    """`412`, or `1,000+` where counting stopped."""
    if count is None:
        return None
    return f"{number_format(CAP)}+" if count > CAP else number_format(count)


def without_place(parameters: QueryDict) -> str:
    """The list's address without the page and the row that was looked at: what is asked, not where one is."""
    kept = parameters.copy()
    for key in PAGE_KEYS:
        kept.pop(key, None)
    return kept.urlencode()


def sorting_column(
    label: str | Promise, key: str, *, field: str, order: Order, parameters: QueryDict, also: QueryDict | None = None
) -> Column:
    """A heading that sorts by `field`, ascending first; `also` replaces parameters on the way."""
    direction = ""
    if order.field == field:
        direction = "descending" if order.descending else "ascending"
    changed = parameters.copy()
    for page_key in (*PAGE_KEYS, "sort"):
        changed.pop(page_key, None)
    for name, values in also.lists() if also else ():
        changed.setlist(name, values)
    changed["sort"] = f"-{key}" if direction == "ascending" else key
    return Column(label, f"?{changed.urlencode()}", direction)

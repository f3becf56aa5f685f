from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.organisations.permissions import Permission
from apps.portal.forms.filters import ItemFilters
from apps.portal.presenters.lists import (
    PAGE_SIZE,
    ItemRow,
    Queue,
    ReferralRow,
    capped,
    item_row,
    queue_tabs,
    referral_row,
    without_place,
)
from apps.portal.presenters.tiles import Tab
from apps.referrals import selectors
from apps.referrals.access import side_of
from apps.referrals.models import Item
from apps.referrals.paging import Order, Page, read_page
from apps.referrals.selectors import DUE, FILED, Wanted
from apps.referrals.transitions import ItemState, Side

PLATFORM_QUEUES = (
    Queue(_("To answer"), counts=(ItemState.OPEN.value,)),
    Queue(_("Overdue"), overdue=True, counts=(ItemState.OPEN.value,)),
    Queue(_("Answered"), (ItemState.DECIDED.value,)),
    Queue(_("All"), ("all",)),
)
SENDER_QUEUES = (
    Queue(_("All")),
    Queue(_("Not answered"), (ItemState.OPEN.value,), counts=(ItemState.OPEN.value,)),
    Queue(_("Overdue"), overdue=True),
    Queue(_("Answered"), (ItemState.DECIDED.value,)),
)


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one referral that stand together on a page."""

    referral: ReferralRow
    rows: Sequence[ItemRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsPage:
    is_sender: bool
    may_answer: bool
    filters: ItemFilters
    is_filtered: bool
    tabs: Sequence[Tab]
    groups: Sequence[Group]
    references: Sequence[str]
    previous: str | None
    next: str | None
    heading: str
    parameters: str

    @property
    def more(self) -> bool:
        return bool(self.previous or self.next)


def items_page(principal: Principal, parameters: QueryDict, *, at: datetime) -> ItemsPage:
    """The worklist: for a platform what is due first, for a sender what it filed last, referral by referral."""
    is_sender = side_of(principal) is Side.SENDER
    filters = ItemFilters(parameters, principal=principal)
    wanted = filters.wanted
    queues = SENDER_QUEUES if is_sender else PLATFORM_QUEUES
    current = _current(queues, parameters)
    counts = _counts(principal, queues, at=at)
    page = _read(principal, wanted, cursor=parameters.get("cursor", ""), at=at)
    may_answer = principal.may(Permission.ANSWER_REFERRALS)
    is_queue = wanted == Wanted(states=wanted.states, overdue=wanted.overdue)
    return ItemsPage(
        is_sender=is_sender,
        may_answer=may_answer,
        filters=filters,
        is_filtered=not is_queue,
        tabs=queue_tabs(queues, counts, current=current),
        groups=_groups(page.rows, is_sender=is_sender, may_answer=may_answer),
        references=[row.reference for row in page.rows],
        previous=page.previous,
        next=page.next,
        heading=_heading(page, total=counts.get(current.address) if current and is_queue else None),
        parameters=without_place(parameters),
    )


def _read(principal: Principal, wanted: Wanted, *, cursor: str, at: datetime) -> Page[Item]:
    is_sender = side_of(principal) is Side.SENDER
    related = ("referral__case", "referral__recipient") if is_sender else ("referral__sender",)
    found = selectors.items(principal, wanted, at=at).select_related(*related)
    return read_page(found, _order(wanted, is_sender=is_sender), cursor=cursor, size=PAGE_SIZE)


def _order(wanted: Wanted, *, is_sender: bool) -> Order:
    is_open = wanted.overdue or wanted.states == (ItemState.OPEN.value,)
    return DUE if is_open and not is_sender else FILED


def _current(queues: Sequence[Queue], parameters: QueryDict) -> Queue | None:
    asked = (tuple(filter(None, [parameters.get("state", "")])), bool(parameters.get("overdue")))
    return next((queue for queue in queues if (queue.states, queue.overdue) == asked), None)


def _counts(principal: Principal, queues: Sequence[Queue], *, at: datetime) -> dict[str, int]:
    """Only of what is open: those have an index of their own, however much history there is."""
    is_worklist = side_of(principal) is Side.RECIPIENT
    sets = {}
    for queue in queues:
        if queue.counts:
            rows = selectors.items(principal, Wanted(states=queue.counts, overdue=queue.overdue), at=at)
            sets[queue.address] = rows.order_by(*DUE.columns()) if is_worklist else rows
    return selectors.capped_counts(sets)


def _groups(rows: Sequence[Item], *, is_sender: bool, may_answer: bool) -> list[Group]:
    """Neighbours of the same referral under one heading."""
    groups = []
    for _pk, items in groupby(rows, key=attrgetter("referral_id")):
        together = list(items)
        referral = together[0].referral
        lines = [item_row(item, may_answer=may_answer) for item in together]
        groups.append(Group(referral_row(referral, is_sender=is_sender), lines))
    return groups


def _heading(page: Page[Item], *, total: int | None) -> str:
    count = len(page.rows)
    facts = {"count": number_format(count), "total": capped(total)}
    if page.is_whole:
        return ngettext("%(count)s item", "%(count)s items", count) % facts
    if total is not None:
        return gettext("%(count)s of %(total)s items") % facts
    return gettext("%(count)s items on this page, there are more") % facts

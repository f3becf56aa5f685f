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
)
from apps.portal.presenters.tiles import Tab
from apps.referrals import selectors
from apps.referrals.models import Item
from apps.referrals.paging import Page, read_page
from apps.referrals.selectors import FILED, Wanted
from apps.referrals.transitions import ItemState

QUEUES = (
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
    filters: ItemFilters
    is_filtered: bool
    tabs: Sequence[Tab]
    groups: Sequence[Group]
    references: Sequence[str]
    previous: str | None
    next: str | None
    heading: str

    @property
    def more(self) -> bool:
        return bool(self.previous or self.next)


def items_page(principal: Principal, parameters: QueryDict, *, at: datetime) -> ItemsPage:
    """The addresses a sender has referred, what it filed last at the top, referral by referral."""
    filters = ItemFilters(parameters, principal=principal)
    wanted = filters.wanted
    current = current_queue(QUEUES, parameters)
    counts = _counts(principal, at=at)
    found = selectors.items(principal, wanted, at=at).select_related("referral__case", "referral__recipient")
    found = selectors.with_clocks(found, referral="referral_id")
    page = read_page(found, FILED, cursor=parameters.get("cursor", ""), size=PAGE_SIZE)
    is_queue = wanted == Wanted(states=wanted.states, overdue=wanted.overdue)
    return ItemsPage(
        filters=filters,
        is_filtered=not is_queue,
        tabs=queue_tabs(QUEUES, counts, current=current),
        groups=_groups(page.rows),
        references=[row.reference for row in page.rows],
        previous=page.previous,
        next=page.next,
        heading=heading_of(page, total=counts.get(current.address) if current and is_queue else None),
    )


def current_queue(queues: Sequence[Queue], parameters: QueryDict) -> Queue | None:
    """The tab an address stands for; None for one of no tab."""
    states = tuple(filter(None, [parameters.get("state", "")]))
    asked = (states, bool(parameters.get("overdue")), parameters.get("desk", ""))
    return next((queue for queue in queues if (queue.states, queue.overdue, queue.desk) == asked), None)


def heading_of(page: Page[Item], *, total: int | None) -> str:
    """How many items there are, as far as that is known."""
    count = len(page.rows)
    facts = {"count": number_format(count), "total": capped(total)}
    if page.is_whole:
        return ngettext("%(count)s item", "%(count)s items", count) % facts
    if total is not None:
        return gettext("%(count)s of %(total)s items") % facts
    return gettext("%(count)s items on this page, there are more") % facts


def _counts(principal: Principal, *, at: datetime) -> dict[str, int]:
    """Only of what is open: that has an index of its own, however much history there is."""
    sets = {
        queue.address: selectors.items(principal, Wanted(states=queue.counts, overdue=queue.overdue), at=at)
        for queue in QUEUES
        if queue.counts
    }
    return selectors.capped_counts(sets)


def _groups(rows: Sequence[Item]) -> list[Group]:
    """Neighbours of the same referral under one heading."""
    groups = []
    for _pk, items in groupby(rows, key=attrgetter("referral_id")):
        together = list(items)
        lines = [item_row(item, may_answer=False) for item in together]
        groups.append(Group(referral_row(together[0].referral, is_sender=True, annotated=together[0]), lines))
    return groups

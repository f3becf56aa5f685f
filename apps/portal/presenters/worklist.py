"""A platform's worklist: what is due first, or group by group; whose each item is, and what is put off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.principal import Principal
from apps.accounts.selectors import members_who_may
from apps.organisations.permissions import Permission
from apps.portal.forms.filters import ItemFilters
from apps.portal.presenters.items import current_queue, heading_of
from apps.portal.presenters.lists import (
    PAGE_SIZE,
    ItemRow,
    Queue,
    ReferralRow,
    item_row,
    queue_tabs,
    referral_row,
    without_place,
)
from apps.portal.presenters.tiles import Tab
from apps.referrals import selectors
from apps.referrals.desk import Desk, asleep_tracking, desk_of, tracking_of
from apps.referrals.grouping import Grouping, read_grouped
from apps.referrals.models import Item, Referral, Tracking
from apps.referrals.paging import Page, read_page
from apps.referrals.selectors import DUE, FILED, Wanted
from apps.referrals.transitions import ItemState
from apps.taxonomy.categories import Category

OPEN = ItemState.OPEN.value
QUEUES = (
    Queue(_("To answer"), counts=(OPEN,)),
    Queue(_("Overdue"), overdue=True, counts=(OPEN,)),
    Queue(_("Mine"), desk=Desk.MINE.value, counts=(OPEN,)),
    Queue(_("Nobody's"), desk=Desk.UNASSIGNED.value),
    Queue(_("Put off"), desk=Desk.SNOOZED.value, counts=(OPEN,)),
    Queue(_("Answered"), (ItemState.DECIDED.value,)),
    Queue(_("All"), ("all",)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """One item. `number`, `assignee` and `snoozed_until` are the platform's own and nobody else's business."""

    item: ItemRow
    referral: ReferralRow
    is_mine: bool = False
    assignee: str = ""
    snoozed_until: datetime | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbours on a page. `query`: the list of this group alone; `referral` where the group is one."""

    title: str | Promise
    query: str
    rows: Sequence[WorkRow]
    referral: ReferralRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorklistPage:
    may_answer: bool
    filters: ItemFilters
    is_filtered: bool
    grouping: str
    switch: Sequence[Tab]
    tabs: Sequence[Tab]
    groups: Sequence[Group]
    references: Sequence[str]
    previous: str | None
    next: str | None
    heading: str
    parameters: str
    colleagues: Sequence[User]
    is_open: bool
    is_put_off: bool

    @property
    def more(self) -> bool:
        return bool(self.previous or self.next)

    @property
    def columns(self) -> int:
        return 8 if self.may_answer else 6


def worklist_page(principal: Principal, parameters: QueryDict, *, at: datetime) -> WorklistPage:
    """The number of queries does not depend on how many items wait, or whose they are."""
    filters = ItemFilters(parameters, principal=principal)
    wanted = filters.wanted
    is_open = wanted.overdue or wanted.states == (OPEN,)
    grouping = _grouping(parameters) if is_open else Grouping.REFERRAL
    current = current_queue(QUEUES, parameters)
    counts = _counts(principal, at=at)
    page = _read(principal, wanted, grouping, cursor=parameters.get("cursor", ""), at=at)
    may_answer = principal.may(Permission.ANSWER_REFERRALS)
    is_queue = wanted == Wanted(states=wanted.states, overdue=wanted.overdue, desk=wanted.desk, awake=wanted.awake)
    return WorklistPage(
        may_answer=may_answer,
        filters=filters,
        is_filtered=not is_queue,
        grouping=grouping.value,
        switch=_switch(parameters, grouping) if is_open else (),
        tabs=queue_tabs(QUEUES, counts, current=current),
        groups=_groups(_rows(page.rows, by=principal, may_answer=may_answer), grouping, page.rows, parameters),
        references=[row.reference for row in page.rows],
        previous=page.previous,
        next=page.next,
        heading=heading_of(page, total=counts.get(current.address) if current and is_queue else None),
        parameters=without_place(parameters),
        colleagues=list(members_who_may(Permission.ANSWER_REFERRALS, principal=principal)) if may_answer else (),
        is_open=is_open,
        is_put_off=wanted.desk == Desk.SNOOZED,
    )


def _grouping(parameters: QueryDict) -> Grouping:
    asked = parameters.get("group", "")
    return Grouping(asked) if asked in Grouping.values else Grouping.REFERRAL


def _read(principal: Principal, wanted: Wanted, grouping: Grouping, *, cursor: str, at: datetime) -> Page[Item]:
    found = selectors.items(principal, wanted, at=at).select_related("referral__sender")
    found = selectors.with_clocks(found, referral="referral_id")
    if grouping is not Grouping.REFERRAL:
        return read_grouped(found, grouping, by=principal, cursor=cursor, size=PAGE_SIZE)
    is_open = wanted.overdue or wanted.states == (OPEN,)
    return read_page(found, DUE if is_open else FILED, cursor=cursor, size=PAGE_SIZE)


def _counts(principal: Principal, *, at: datetime) -> dict[str, int]:
    """Only of what is open, by the index that finds it; one query for all tabs."""
    sets: dict[str, Any] = {}
    for queue in QUEUES:
        if queue.desk == Desk.MINE:
            sets[queue.address] = desk_of(principal).filter(item__state=OPEN)
        elif queue.desk == Desk.SNOOZED:
            sets[queue.address] = asleep_tracking(principal, at=at)
        elif queue.counts:
            wanted = Wanted(states=queue.counts, overdue=queue.overdue, awake=not queue.overdue)
            sets[queue.address] = selectors.items(principal, wanted, at=at).order_by(*DUE.columns())
    return selectors.capped_counts(sets)


def _switch(parameters: QueryDict, grouping: Grouping) -> Sequence[Tab]:
    """Ways to group, each as a link that keeps the filters."""
    tabs = []
    for one in Grouping:
        kept = QueryDict(without_place(parameters), mutable=True)
        kept.pop("group", None)
        if one is not Grouping.REFERRAL:
            kept["group"] = one.value
        tabs.append(Tab(one.label, f"?{kept.urlencode()}", is_current=one is grouping))
    return tabs


def _rows(items: Sequence[Item], *, by: Principal, may_answer: bool) -> Mapping[int, WorkRow]:
    tracked = tracking_of(by, [item.pk for item in items])
    referrals = {item.referral_id: referral_row(item.referral, is_sender=False, annotated=item) for item in items}
    return {
        item.pk: _row(item, referrals[item.referral_id], tracked.get(item.pk), by=by, may_answer=may_answer)
        for item in items
    }


def _row(item: Item, referral: ReferralRow, tracking: Tracking | None, *, by: Principal, may_answer: bool) -> WorkRow:
    plain = item_row(item, may_answer=may_answer)
    if tracking is None:
        return WorkRow(item=plain, referral=referral)
    return WorkRow(
        item=plain,
        referral=referral,
        is_mine=tracking.assignee_id == by.user_id,
        assignee=str(tracking.assignee) if tracking.assignee else "",
        snoozed_until=tracking.snoozed_until,
        number=tracking.number,
    )


def _groups(
    rows: Mapping[int, WorkRow], grouping: Grouping, items: Sequence[Item], parameters: QueryDict
) -> list[Group]:
    """Neighbours of one referral, sender, instrument or category under one heading."""
    key = "referral_id" if grouping is Grouping.REFERRAL else f"referral.{grouping.column}"
    groups = []
    for _value, together in groupby(items, key=attrgetter(key)):
        neighbours = list(together)
        mine = [rows[item.pk] for item in neighbours]
        referral = neighbours[0].referral
        if grouping is Grouping.REFERRAL:
            groups.append(Group(mine[0].referral.subject, "", mine, mine[0].referral))
        else:
            title, name, value = _heading(grouping, referral)
            groups.append(Group(title, _narrowed(parameters, name, value), mine))
    return groups


def _heading(grouping: Grouping, referral: Referral) -> tuple[str | Promise, str, str]:
    """The words of a group, and the filter that shows it alone."""
    if grouping is Grouping.SENDER:
        return referral.sender.name, "sender", referral.sender.slug
    if grouping is Grouping.INSTRUMENT:
        return str(referral.get_instrument_display()), "instrument", referral.instrument
    return Category(referral.category).label, "category", referral.category


def _narrowed(parameters: QueryDict, name: str, value: str) -> str:
    kept = QueryDict(without_place(parameters), mutable=True)
    kept.pop("group", None)
    kept[name] = value
    return f"?{kept.urlencode()}"

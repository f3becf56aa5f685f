from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.organisations.permissions import Permission
from apps.portal.forms.filters import ReferralFilters
from apps.portal.presenters.bulk import Button, buttons_for
from apps.portal.presenters.lists import (
    PAGE_SIZE,
    Column,
    Queue,
    ReferralRow,
    capped,
    queue_tabs,
    referral_row,
    sorting_column,
    without_place,
)
from apps.portal.presenters.masking import is_masked, shown
from apps.portal.presenters.tiles import Tab
from apps.referrals import selectors
from apps.referrals.access import open_transitions, side_of
from apps.referrals.models import Item, Referral
from apps.referrals.paging import Order, Page, read_page
from apps.referrals.querysets import ReferralQuerySet
from apps.referrals.selectors import DUE, Wanted, newest_first
from apps.referrals.transitions import UNANSWERED, Side, State, Transition

OPEN = tuple(sorted(UNANSWERED))
SENDER_QUEUES = (
    Queue(_("All")),
    Queue(_("Drafts"), (State.DRAFT.value,)),
    Queue(_("For approval"), (State.IN_REVIEW.value,)),
    Queue(_("With platforms"), OPEN),
    Queue(_("Questions"), (State.INFO_REQUESTED.value,)),
    Queue(_("Overdue"), overdue=True),
    Queue(_("Answered"), (State.ANSWERED.value,)),
)
PLATFORM_QUEUES = (
    Queue(_("All")),
    Queue(_("To answer"), OPEN, sort="due"),
    Queue(_("New"), (State.SENT.value, State.RECEIVED.value)),
    Queue(_("In progress"), (State.ACKNOWLEDGED.value, State.INFO_REQUESTED.value)),
    Queue(_("Overdue"), overdue=True),
    Queue(_("Answered"), (State.ANSWERED.value,)),
)
PREVIEWED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the panel beside the list shows of one referral."""

    referral: Referral
    row: ReferralRow
    addresses: Sequence[str]
    more: int
    may_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """`more`: whether there are other pages; `parameters`: the address without its place in the list."""

    is_sender: bool
    may_file: bool
    may_answer: bool
    filters: ReferralFilters
    is_filtered: bool
    tabs: Sequence[Tab]
    filed: Column
    due: Column
    rows: Sequence[ReferralRow]
    previous: str | None
    next: str | None
    heading: str
    buttons: Sequence[Button]
    sort: str
    selected: str
    preview: Preview | None
    parameters: str

    @property
    def more(self) -> bool:
        return bool(self.previous or self.next)


def inbox_page(principal: Principal, parameters: QueryDict, *, at: datetime) -> InboxPage:
    """One page of somebody's referrals: as many queries for three rows as for three hundred."""
    is_sender = side_of(principal) is Side.SENDER
    filters = ReferralFilters(parameters, principal=principal)
    wanted, sort = filters.wanted, parameters.get("sort", "")
    order = order_of(sort, wanted, natural=newest_first(principal))
    queues = SENDER_QUEUES if is_sender else PLATFORM_QUEUES
    counts = _counts(principal, queues, at=at)
    current = next((queue for queue in queues if _of(queue) == _of(wanted)), None)
    found = selectors.referrals(principal, wanted, at=at).select_related(*_related(is_sender=is_sender))
    found = selectors.with_clocks(found)
    page = read_page(found, order, cursor=parameters.get("cursor", ""), size=PAGE_SIZE)
    is_queue = current is not None and wanted == Wanted(states=wanted.states, overdue=wanted.overdue)
    filed, due = _columns(order, wanted, parameters, is_sender=is_sender)
    preview = preview_of(principal, parameters.get("sel", ""))
    return InboxPage(
        is_sender=is_sender,
        may_file=principal.may(Permission.FILE_REFERRALS),
        may_answer=principal.may(Permission.ANSWER_REFERRALS),
        filters=filters,
        is_filtered=wanted != Wanted(),
        tabs=queue_tabs(queues, counts, current=current),
        filed=filed,
        due=due,
        rows=[referral_row(row, is_sender=is_sender) for row in page.rows],
        previous=page.previous,
        next=page.next,
        heading=_heading(page, total=counts[current.address] if current and is_queue else None),
        buttons=buttons_for(principal, page.rows),
        sort=sort,
        selected=preview.row.reference if preview else "",
        preview=preview,
        parameters=without_place(parameters),
    )


def listed(principal: Principal, parameters: QueryDict, *, at: datetime) -> ReferralQuerySet:
    """Every referral of the list, in its order, beyond the page that is shown."""
    wanted = ReferralFilters(parameters, principal=principal).wanted
    order = order_of(parameters.get("sort", ""), wanted, natural=newest_first(principal))
    is_sender = side_of(principal) is Side.SENDER
    found = selectors.referrals(principal, wanted, at=at).select_related(*_related(is_sender=is_sender))
    return found.order_by(*order.columns())


def order_of(sort: str, wanted: Wanted, *, natural: Order) -> Order:
    """By due time only among what is still owed: for the rest it says nothing, and no index serves it."""
    if sort in {"due", "-due"} and _is_owed(wanted):
        return DUE.reversed() if sort == "-due" else DUE
    if sort == "filed":
        return natural.reversed()
    return DUE if wanted.overdue and not sort else natural


def preview_of(principal: Principal, reference: str) -> Preview | None:
    """The referral beside the list, with its first addresses; nothing where it is not to be seen."""
    is_sender = side_of(principal) is Side.SENDER
    rows = Referral.objects.visible_to(principal).select_related(*_related(is_sender=is_sender))
    rows = selectors.with_clocks(rows)
    referral = rows.filter(reference=reference).first() if reference else None
    if referral is None:
        return None
    urls = Item.objects.filter(referral=referral).order_by("pk").values_list("url", flat=True)[:PREVIEWED]
    hidden = is_masked(referral.area)
    return Preview(
        referral=referral,
        row=referral_row(referral, is_sender=is_sender),
        addresses=[shown(url, hidden=hidden) for url in urls],
        more=max(referral.item_count - PREVIEWED, 0),
        may_answer=Transition.ANSWER in open_transitions(principal, referral),
    )


def _related(*, is_sender: bool) -> tuple[str, ...]:
    return ("case", "sender", "recipient") if is_sender else ("sender", "recipient")


def _of(one: Queue | Wanted) -> tuple[frozenset[str], bool]:
    return frozenset(one.states), one.overdue


def _counts(principal: Principal, queues: Sequence[Queue], *, at: datetime) -> dict[str, int]:
    natural = newest_first(principal)
    sets = {}
    for queue in queues:
        wanted = Wanted(states=queue.states, overdue=queue.overdue)
        order = DUE if _is_owed(wanted) else natural
        sets[queue.address] = selectors.referrals(principal, wanted, at=at).order_by(*order.columns())
    return selectors.capped_counts(sets)


def _is_owed(wanted: Wanted) -> bool:
    """Whether only what still waits for an answer is asked for: that has an index by due time."""
    return wanted.overdue or (bool(wanted.states) and set(wanted.states) <= UNANSWERED)


def _columns(order: Order, wanted: Wanted, parameters: QueryDict, *, is_sender: bool) -> tuple[Column, Column]:
    """Sorting by due time leads to what is still owed, where the list shows more than that."""
    still_owed = QueryDict(mutable=True)
    if not _is_owed(wanted):
        still_owed.setlist("state", list(OPEN))
    natural = "filed_at" if is_sender else "sent_at"
    filed = sorting_column(
        gettext("Filed") if is_sender else gettext("Sent"), "filed", field=natural, order=order, parameters=parameters
    )
    due = sorting_column(gettext("Due"), "due", field="due_at", order=order, parameters=parameters, also=still_owed)
    return filed, due


def _heading(page: Page[Referral], *, total: int | None) -> str:
    """How many there are, as far as that is known without counting them all."""
    count = len(page.rows)
    facts = {"count": number_format(count), "total": capped(total)}
    if page.is_whole:
        return ngettext("%(count)s referral", "%(count)s referrals", count) % facts
    if total is not None:
        return gettext("%(count)s of %(total)s referrals") % facts
    return gettext("%(count)s referrals on this page, there are more") % facts

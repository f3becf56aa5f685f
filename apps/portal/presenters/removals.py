"""Claimed removals that somebody should look at: back again, still there, not verified, and what was judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.portal.forms.checks import RemovalFilters
from apps.portal.presenters.lists import PAGE_SIZE, capped
from apps.portal.presenters.masking import is_masked, shown
from apps.portal.presenters.tiles import Tab
from apps.referrals.models import Item
from apps.referrals.paging import Order, Page, read_page
from apps.referrals.selectors import FILED, capped_counts
from apps.verification import selectors
from apps.verification.models import Review, ReviewKind, ReviewState

OPEN = (ReviewState.WAITING.value, ReviewState.TAKEN_UP.value)
JUDGED = (ReviewState.FILED_AGAIN.value, ReviewState.DISMISSED.value)
SEEN = Order("seen_at", descending=True)
TABS: Sequence[tuple[str, str | Promise]] = (
    ("back_again", _("Back again")),
    ("still_there", _("Still there")),
    ("unverified", _("To verify")),
    ("judged", _("Judged")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalRow:
    """`state` is the review's; empty where nobody has contradicted the claim."""

    reference: str
    referral: str
    shown: str
    platform: str
    outcome: str
    claimed_at: datetime | None
    gone_at: datetime | None
    seen_at: datetime | None
    state: str
    filed_as: str
    may_file_again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalsPage:
    filters: RemovalFilters
    is_filtered: bool
    view: str
    tabs: Sequence[Tab]
    rows: Sequence[RemovalRow]
    count: str | None
    previous: str | None
    next: str | None

    @property
    def more(self) -> bool:
        return bool(self.previous or self.next)


def removals_page(principal: Principal, parameters: QueryDict, *, at: datetime) -> RemovalsPage:
    """One page of a list, with the counts of all: a fixed number of queries."""
    filters = RemovalFilters(parameters, principal=principal)
    names = [name for name, _label in TABS]
    view = parameters.get("view", "")
    view = view if view in names else names[0]
    sets = {name: _rows_of(name, principal, filters, at=at) for name in names}
    counts = capped_counts({name: rows.order_by(*_order(name).columns()) for name, rows in sets.items()})
    order, cursor = _order(view), parameters.get("cursor", "")
    related = ("referral", "recipient") if view == "unverified" else ("item__referral", "recipient")
    page: Page[Item | Review] = read_page(sets[view].select_related(*related), order, cursor=cursor, size=PAGE_SIZE)
    return RemovalsPage(
        filters=filters,
        is_filtered=any(filters.wanted.values()),
        view=view,
        tabs=[Tab(label, _address(name, parameters), name == view, capped(counts[name])) for name, label in TABS],
        rows=[_row(one) for one in page.rows],
        count=capped(counts[view]),
        previous=page.previous,
        next=page.next,
    )


def _rows_of(name: str, principal: Principal, filters: RemovalFilters, *, at: datetime) -> QuerySet[Item | Review]:
    rows: QuerySet[Item | Review]
    if name == "unverified":
        rows = selectors.unverified(principal, **filters.wanted, at=at)
    elif name == "judged":
        rows = selectors.reviews(principal, states=JUDGED, **filters.wanted)
    else:
        kind = ReviewKind(name)
        rows = selectors.reviews(principal, states=OPEN, kind=kind, **filters.wanted)
    return rows


def _order(name: str) -> Order:
    return FILED if name == "unverified" else SEEN


def _address(view: str, parameters: QueryDict) -> str:
    kept = parameters.copy()
    kept.pop("cursor", None)
    kept["view"] = view
    return f"?{kept.urlencode()}"


def _row(one: Item | Review) -> RemovalRow:
    item, review = (one, None) if isinstance(one, Item) else (one.item, one)
    hidden = is_masked(item.referral.area)
    return RemovalRow(
        reference=item.reference,
        referral=item.referral.reference,
        shown=shown(item.url, hidden=hidden),
        platform=one.recipient.name,
        outcome=item.outcome,
        claimed_at=review.claimed_at if review else item.decided_at,
        gone_at=review.gone_at if review else None,
        seen_at=review.seen_at if review else None,
        state=review.state if review else "",
        filed_as=review.filed_as if review else "",
        may_file_again=review is not None and review.state in OPEN and not hidden,
    )

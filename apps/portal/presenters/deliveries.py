"""Messages from and to an organisation: what was given up first, then what is on its way and what arrived."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.core.references import normalise
from apps.delivery.mail.reminders import is_of_several, references
from apps.delivery.reasons import in_words
from apps.delivery.selectors import deliveries_of
from apps.delivery.vocabulary import Channel, DeliveryState, Message
from apps.organisations.permissions import Permission
from apps.portal.forms.deliveries import DeliveryFilters
from apps.portal.presenters.lists import PAGE_SIZE, capped
from apps.portal.presenters.tiles import Tab
from apps.referrals import selectors
from apps.referrals.paging import Order, Page, read_page

NEWEST = Order("created_at", descending=True)
PROOFS = {
    "status": _("Answer"),
    "number": _("Number given by the platform"),
    "webhook_id": _("Message number"),
    "message_id": _("Message number"),
    "to": _("Sent to"),
    "address": _("Fingerprint of the address"),
}


@dataclass(frozen=True, slots=True)
class Queue:
    """A tab: messages in these states."""

    key: str
    label: str | Promise
    states: tuple[str, ...] = ()


GIVEN_UP = Queue("dead", _("Given up"), (DeliveryState.DEAD,))
ALL = Queue("all", _("All"))
QUEUES = (
    GIVEN_UP,
    Queue("waiting", _("On their way"), (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.DEFERRED)),
    Queue("arrived", _("Arrived"), (DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ)),
    ALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """One message in the list. `is_ours`: we sent it; `party` is the other side."""

    id: UUID
    message: str | Promise
    about: str
    referrals: Sequence[str]
    is_ours: bool
    party: str
    channel: str | Promise
    state: str
    tries: int
    why: str
    at: datetime

    @property
    def is_dead(self) -> bool:
        return self.state == DeliveryState.DEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveriesPage:
    filters: DeliveryFilters
    is_filtered: bool
    queue: Queue
    tabs: Sequence[Tab]
    rows: Sequence[DeliveryLine]
    may_open: bool
    may_manage: bool
    previous: str | None
    next: str | None
    heading: str
    parameters: str

    @property
    def more(self) -> bool:
        return bool(self.previous or self.next)

    @property
    def may_replay(self) -> bool:
        return any(row.is_dead for row in self.rows)


@dataclass(frozen=True, slots=True)
class Attempted:
    number: int
    channel: str | Promise
    state: str
    code: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    line: DeliveryLine
    facts: Sequence[tuple[str | Promise, Any]]
    tries: Sequence[Attempted]
    proof: Sequence[tuple[str | Promise, Any]]
    next_at: datetime | None
    received_at: datetime | None
    may_open: bool


def deliveries_page(principal: Principal, parameters: QueryDict) -> DeliveriesPage:
    """Three queries, however many there are. Without a queue: what was given up, if anything was."""
    filters = DeliveryFilters(parameters)
    matching = narrowed(principal, filters)
    counts = selectors.capped_counts({q.key: _of(q, matching).order_by(*NEWEST.columns()) for q in QUEUES})
    usual = GIVEN_UP if counts[GIVEN_UP.key] else ALL
    queue = next((q for q in QUEUES if q.key == parameters.get("queue")), usual)
    page = read_page(_of(queue, matching), NEWEST, cursor=parameters.get("cursor", ""), size=PAGE_SIZE)
    return DeliveriesPage(
        filters=filters,
        is_filtered=bool(filters.wanted),
        queue=queue,
        tabs=_tabs(parameters, counts, current=queue),
        rows=[_line(row, by=principal) for row in page.rows],
        may_open=principal.may(Permission.VIEW_REFERRALS),
        may_manage=principal.may(Permission.MANAGE_WEBHOOKS),
        previous=page.previous,
        next=page.next,
        heading=_heading(page, counts[queue.key]),
        parameters=_kept(parameters).urlencode(),
    )


def narrowed(principal: Principal, filters: DeliveryFilters) -> QuerySet[Any]:
    """What matches the filters, whatever its state."""
    rows, wanted = deliveries_of(principal), dict(filters.wanted)
    if reference := wanted.pop("q", ""):
        wanted["about"] = normalise(reference) or reference
    if side := wanted.pop("side", ""):
        wanted["sender_id" if side == "sent" else "recipient_id"] = principal.organisation_id
    return rows.filter(**wanted)


def delivery_page(row: Any, *, by: Principal) -> DeliveryPage:
    line = _line(row, by=by)
    waits = row.state in QUEUES[1].states
    return DeliveryPage(
        line=line,
        facts=[
            (_("From"), row.sender.name),
            (_("To"), row.recipient.name),
            (_("Channel"), line.channel),
            (_("Number"), row.public_id),
        ],
        tries=[_attempted(one) for one in row.tried.order_by("-pk")],
        proof=[(PROOFS[key], _said(value)) for key, value in (row.proof or {}).items() if key in PROOFS],
        next_at=row.next_at if waits else None,
        received_at=row.received_at,
        may_open=by.may(Permission.VIEW_REFERRALS),
    )


def replayed_in_words(count: int, left: int) -> str:
    if not count:
        return gettext("Nothing was sent again: no message among them has been given up.")
    facts = {"count": number_format(count), "left": number_format(left)}
    done = ngettext("%(count)s message goes out again.", "%(count)s messages go out again.", count) % facts
    more = ngettext("%(left)s more waits; send again.", "%(left)s more wait; send again.", left) % facts
    return f"{done} {more}" if left else done


def _of(queue: Queue, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(state__in=queue.states) if queue.states else rows


def _line(row: Any, *, by: Principal) -> DeliveryLine:
    is_ours = row.sender_id == by.organisation_id
    return DeliveryLine(
        id=row.public_id,
        message=Message(row.message).label,
        about="" if is_of_several(row) else row.about,
        referrals=references(row) if is_of_several(row) else (),
        is_ours=is_ours,
        party=row.recipient.name if is_ours else row.sender.name,
        channel=Channel(row.channel).label,
        state=row.state,
        tries=row.tries,
        why=in_words(row.last_error),
        at=row.created_at,
    )


def _attempted(one: Any) -> Attempted:
    return Attempted(one.number, Channel(one.channel).label, one.state, one.code, in_words(one.detail), one.ended_at)


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _kept(parameters: QueryDict) -> QueryDict:
    kept = parameters.copy()
    kept.pop("cursor", None)
    return kept


def _tabs(parameters: QueryDict, counts: Mapping[str, int], *, current: Queue) -> list[Tab]:
    tabs = []
    for queue in QUEUES:
        changed = _kept(parameters)
        changed["queue"] = queue.key
        tabs.append(Tab(queue.label, f"?{changed.urlencode()}", queue is current, capped(counts[queue.key])))
    return tabs


def _heading(page: Page[Any], total: int) -> str:
    count = len(page.rows)
    facts = {"count": number_format(count), "total": capped(total)}
    if page.is_whole:
        return ngettext("%(count)s message", "%(count)s messages", count) % facts
    return gettext("%(count)s of %(total)s messages, the newest first") % facts

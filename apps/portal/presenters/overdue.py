"""What is late or will be within a day: how long, how urgent, by whom, and how often somebody was reminded."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.deadlines.models import Announcement, Chase, Rung
from apps.organisations.permissions import Permission
from apps.portal.forms.filters import OverdueFilters
from apps.portal.presenters.clock import in_short, span_in_words
from apps.portal.presenters.lists import PAGE_KEYS, PAGE_SIZE, ReferralRow, referral_row
from apps.portal.presenters.overdue_counts import AGES, AHEAD, EVERY, Age, Board, Tally, board
from apps.portal.presenters.tiles import Tab
from apps.referrals import selectors
from apps.referrals.access import side_of
from apps.referrals.models import Referral
from apps.referrals.paging import Page, read_page
from apps.referrals.querysets import ReferralQuerySet
from apps.referrals.selectors import DUE
from apps.referrals.transitions import Side
from apps.taxonomy.urgency import Urgency

PARTIES = 12
RUNGS = {
    Rung.BEFORE: _("before the due time"),
    Rung.DUE: _("at the due time"),
    Rung.LATE: _("after the due time"),
    Rung.BACKUP: _("backup contact"),
    Rung.PLATFORM_SUPERVISOR: _("platform's supervisor"),
    Rung.SENDER_SUPERVISOR: _("sender's supervisor"),
    Rung.COMMISSION: _("the Commission's list"),
}


@dataclass(frozen=True, slots=True)
class Reminded:
    """The rungs of the ladder that were taken for one referral; `announced`: when the platform says it will answer."""

    count: int = 0
    last: datetime | None = None
    rung: str = ""
    announced: datetime | None = None

    @property
    def words(self) -> str:
        if self.last is None:
            return gettext("none yet")
        facts = {"count": number_format(self.count), "last": in_short(self.last), "rung": self.rung}
        return ngettext("once, %(last)s (%(rung)s)", "%(count)s times, last %(last)s (%(rung)s)", self.count) % facts

    @property
    def at_latest(self) -> str:
        return in_short(self.announced) if self.announced else ""


@dataclass(frozen=True, slots=True)
class LateRow:
    referral: ReferralRow
    reminded: Reminded


@dataclass(frozen=True, slots=True)
class Facet:
    """One line of the side column: how many, since when the oldest, and the list with or without it."""

    label: str | Promise
    value: str
    url: str
    count: int
    oldest: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OverduePage:
    is_sender: bool
    may_answer: bool
    filters: OverdueFilters
    is_filtered: bool
    is_ahead: bool
    age: str
    tabs: Sequence[Tab]
    rows: Sequence[LateRow]
    urgencies: Sequence[Facet]
    parties: Sequence[Facet]
    previous: str | None
    next: str | None
    heading: str
    parameters: str

    @property
    def more(self) -> bool:
        return bool(self.previous or self.next)


def overdue_page(principal: Principal, parameters: QueryDict, *, at: datetime) -> OverduePage:
    """The longest overdue first: as many queries for one as for a hundred thousand."""
    is_sender = side_of(principal) is Side.SENDER
    filters, age = OverdueFilters(parameters, principal=principal), age_of(parameters)
    page = read_page(late(principal, filters, age, at=at), DUE, cursor=parameters.get("cursor", ""), size=PAGE_SIZE)
    counts = _board(principal, filters, age, at=at)
    total = counts.ages()[age.key]
    return OverduePage(
        is_sender=is_sender,
        may_answer=principal.may(Permission.ANSWER_REFERRALS),
        filters=filters,
        is_filtered=bool(age.key) or filters.is_narrowed,
        is_ahead=age.is_ahead,
        age=age.key,
        tabs=_tabs(parameters, counts.ages(), current=age),
        rows=_rows(page.rows, is_sender=is_sender, at=at),
        urgencies=_urgencies(parameters, counts, at=at),
        parties=_parties(parameters, counts, name="platform" if is_sender else "sender", at=at),
        previous=page.previous,
        next=page.next,
        heading=_heading(page, total, age),
        parameters=_without_place(parameters).urlencode(),
    )


def age_of(parameters: QueryDict) -> Age:
    return next((age for age in AGES if age.key == parameters.get("age")), EVERY)


def late(principal: Principal, filters: OverdueFilters, age: Age, *, at: datetime) -> ReferralQuerySet:
    """What the list shows, with what a row says of it, in no order yet."""
    related = ("case", "recipient", "sender") if side_of(principal) is Side.SENDER else ("sender", "recipient")
    wanted = replace(filters.wanted, overdue=False)
    found = selectors.referrals(principal, wanted, at=at).due_before(at + AHEAD).filter(age.condition(at))
    return selectors.with_clocks(found.select_related(*related))


def reminded(referrals: Sequence[Referral], *, at: datetime) -> Mapping[int, Reminded]:
    """How often somebody was reminded of each, and what is announced; two queries."""
    found: dict[int, Reminded] = defaultdict(Reminded)
    chases = Chase.objects.filter(obligation__referral__in=[row.pk for row in referrals]).order_by("at", "pk")
    for chase in chases.select_related("obligation"):
        pk = chase.obligation.referral_id
        found[pk] = Reminded(found[pk].count + 1, chase.at, str(RUNGS[Rung(chase.rung)]))
    for pk, until in _announced(referrals, at=at):
        found[pk] = replace(found[pk], announced=until)
    return found


def _announced(referrals: Sequence[Referral], *, at: datetime) -> Iterable[tuple[int, datetime]]:
    """What was announced and is still to come; what was said last counts."""
    said = Announcement.objects.filter(obligation__referral__in=[row.pk for row in referrals], until__gt=at)
    return said.order_by("pk").values_list("obligation__referral_id", "until")


def _board(principal: Principal, filters: OverdueFilters, age: Age, *, at: datetime) -> Board:
    wanted = filters.wanted
    others = replace(wanted, overdue=False, urgencies=(), counterpart="")
    return board(
        selectors.referrals(principal, others, at=at).due_before(at + AHEAD),
        age=age,
        urgencies=wanted.urgencies,
        other=wanted.counterpart,
        is_sender=side_of(principal) is Side.SENDER,
        at=at,
    )


def _rows(referrals: Sequence[Referral], *, is_sender: bool, at: datetime) -> list[LateRow]:
    taken = reminded(referrals, at=at)
    return [LateRow(referral_row(row, is_sender=is_sender), taken.get(row.pk, Reminded())) for row in referrals]


def _tabs(parameters: QueryDict, counts: Mapping[str, int], *, current: Age) -> list[Tab]:
    """The other filters stay when the age changes: the counts are counted with them."""
    tabs = []
    for age in AGES:
        changed = _without_place(parameters)
        changed["age"] = age.key
        tabs.append(Tab(age.label, f"?{changed.urlencode()}", age == current, number_format(counts[age.key])))
    return tabs


def _urgencies(parameters: QueryDict, counts: Board, *, at: datetime) -> list[Facet]:
    """Most urgent first; choosing one takes the place of those chosen before."""
    found = counts.by_urgency()
    return [
        _facet(parameters, "urgency", one.value, one.label, found[one], one in counts.urgencies, at=at)
        for one in Urgency
        if one in found
    ]


def _parties(parameters: QueryDict, counts: Board, *, name: str, at: datetime) -> list[Facet]:
    """Who is late most often, or waits most often."""
    return [
        _facet(parameters, name, slug, label, tally, slug == counts.other, at=at)
        for (slug, label), tally in list(counts.by_other().items())[:PARTIES]
    ]


def _facet(
    parameters: QueryDict,
    name: str,
    value: str,
    label: str | Promise,
    tally: Tally,
    is_chosen: bool,
    *,
    at: datetime,
) -> Facet:
    changed = _without_place(parameters)
    changed.pop(name, None)
    if not is_chosen:
        changed[name] = value
    oldest = span_in_words(at - tally.since) if tally.since < at else ""
    return Facet(label, value, f"?{changed.urlencode()}", tally.count, oldest, is_chosen)


def _without_place(parameters: QueryDict) -> QueryDict:
    kept = parameters.copy()
    for key in PAGE_KEYS:
        kept.pop(key, None)
    return kept


def _heading(page: Page[Referral], total: int, age: Age) -> str:
    facts = {"count": number_format(len(page.rows)), "total": number_format(total)}
    if age.is_ahead:
        return ngettext("%(total)s referral due within 24 h", "%(total)s referrals due within 24 h", total) % facts
    if page.is_whole:
        return ngettext("%(count)s overdue referral", "%(count)s overdue referrals", len(page.rows)) % facts
    return gettext("%(count)s of %(total)s overdue referrals, the longest overdue first") % facts

"""What is late: how long, by whom, and whether anybody was reminded."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.deadlines.models import Chase
from apps.organisations.permissions import Permission
from apps.portal.forms.filters import OverdueFilters
from apps.portal.presenters.clock import span_in_words
from apps.portal.presenters.lists import PAGE_SIZE, ReferralRow, capped, referral_row
from apps.portal.presenters.tiles import Tab
from apps.referrals import selectors
from apps.referrals.access import side_of
from apps.referrals.models import Referral
from apps.referrals.paging import Page, read_page
from apps.referrals.querysets import ReferralQuerySet
from apps.referrals.selectors import DUE
from apps.referrals.transitions import Side

PARTIES = 12


@dataclass(frozen=True, slots=True)
class Age:
    """How late, from `since` up to `until`; `key` stands in the address."""

    key: str
    label: str | Promise
    since: timedelta = timedelta()
    until: timedelta | None = None

    def condition(self, at: datetime) -> Q:
        late = Q(due_at__lt=at - self.since)
        return late & Q(due_at__gte=at - self.until) if self.until else late


AGES = (
    Age("", _("All")),
    Age("day", _("Less than a day"), until=timedelta(days=1)),
    Age("days", _("1 to 3 days"), timedelta(days=1), timedelta(days=3)),
    Age("week", _("3 to 7 days"), timedelta(days=3), timedelta(days=7)),
    Age("older", _("More than a week"), timedelta(days=7)),
)


@dataclass(frozen=True, slots=True)
class LateRow:
    referral: ReferralRow
    reminders: Sequence[datetime]


@dataclass(frozen=True, slots=True)
class LateParty:
    """One organisation at the other end: how many are late, and since when the oldest."""

    slug: str
    name: str
    count: int
    oldest: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OverduePage:
    is_sender: bool
    may_answer: bool
    filters: OverdueFilters
    is_filtered: bool
    age: str
    tabs: Sequence[Tab]
    rows: Sequence[LateRow]
    parties: Sequence[LateParty]
    previous: str | None
    next: str | None
    heading: str

    @property
    def more(self) -> bool:
        return bool(self.previous or self.next)


def overdue_page(principal: Principal, parameters: QueryDict, *, at: datetime) -> OverduePage:
    """The longest overdue first: six queries, however many are late."""
    is_sender = side_of(principal) is Side.SENDER
    filters = OverdueFilters(parameters, principal=principal)
    age = next((age for age in AGES if age.key == parameters.get("age")), AGES[0])
    late = selectors.referrals(principal, filters.wanted, at=at)
    related = ("case", "recipient", "sender") if is_sender else ("sender", "recipient")
    found = late.filter(age.condition(at)).select_related(*related)
    page = read_page(selectors.with_clocks(found), DUE, cursor=parameters.get("cursor", ""), size=PAGE_SIZE)
    counts = selectors.capped_counts({one.key: late.filter(one.condition(at)).order_by(*DUE.columns()) for one in AGES})
    return OverduePage(
        is_sender=is_sender,
        may_answer=principal.may(Permission.ANSWER_REFERRALS),
        filters=filters,
        is_filtered=bool(age.key) or filters.is_narrowed,
        age=age.key,
        tabs=_tabs(parameters, counts, current=age),
        rows=_rows(page.rows, is_sender=is_sender),
        parties=late_parties(late, chosen=filters.wanted.counterpart, is_sender=is_sender, at=at),
        previous=page.previous,
        next=page.next,
        heading=_heading(page, total=counts[age.key]),
    )


def late_parties(late: ReferralQuerySet, *, chosen: str, is_sender: bool, at: datetime) -> list[LateParty]:
    """Who is late most often, or waits most often. Reads what is late and nothing else."""
    other = "recipient" if is_sender else "sender"
    grouped = late.values(f"{other}__slug", f"{other}__name").annotate(count=Count("pk"), since=Min("due_at"))
    rows = grouped.order_by("-count", "since").values_list(f"{other}__slug", f"{other}__name", "count", "since")
    return [
        LateParty(slug, name, count, span_in_words(at - since), slug == chosen)
        for slug, name, count, since in rows[:PARTIES]
    ]


def _rows(referrals: Sequence[Referral], *, is_sender: bool) -> list[LateRow]:
    reminders: Mapping[int, list[datetime]] = defaultdict(list)
    chases = Chase.objects.filter(obligation__referral__in=[row.pk for row in referrals]).order_by("at")
    for referral_id, at in chases.values_list("obligation__referral_id", "at"):
        reminders[referral_id].append(at)
    return [LateRow(referral_row(row, is_sender=is_sender), reminders[row.pk]) for row in referrals]


def _tabs(parameters: QueryDict, counts: Mapping[str, int], *, current: Age) -> list[Tab]:
    """The other filters stay when the age changes: the counts are counted with them."""
    tabs = []
    for age in AGES:
        changed = parameters.copy()
        changed.pop("cursor", None)
        changed["age"] = age.key
        tabs.append(Tab(age.label, f"?{changed.urlencode()}", age == current, capped(counts[age.key])))
    return tabs


def _heading(page: Page[Referral], *, total: int) -> str:
    count = len(page.rows)
    facts = {"count": number_format(count), "total": capped(total)}
    if page.is_whole:
        return ngettext("%(count)s overdue referral", "%(count)s overdue referrals", count) % facts
    return gettext("%(count)s of %(total)s overdue referrals, the longest overdue first") % facts

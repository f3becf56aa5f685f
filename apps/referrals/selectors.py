"""Which referrals and items a list shows, asked the same way by the web and by the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case as Choose
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery, Value, When

from apps.accounts.principal import Principal
from apps.core.references import normalise
from apps.referrals import desk
from apps.referrals.access import side_of
from apps.referrals.intake.addresses import read_address
from apps.referrals.intake.problems import RowError
from apps.referrals.models import Attachment, Case, Item, Obligation, Referral
from apps.referrals.paging import Order
from apps.referrals.querysets import ItemQuerySet, ReferralQuerySet
from apps.referrals.transitions import WITH_THE_PLATFORM, Side
from apps.taxonomy.urgency import Urgency

CAP = 1000
Rows = TypeVar("Rows", bound=QuerySet[Any])

FILED = Order("filed_at", descending=True)
SENT = Order("sent_at", descending=True)
DUE = Order("due_at", may_be_empty=True)  # quick where only what is still open is asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person asks of a list of referrals or items. Empty: everything. `counterpart`: the other side's slug.

    `states` are the referral's in a list of referrals, the item's in a list of items. `desk` and `awake` are asked of
    items by a platform: whose they are, and only those that are not put off.
    """

    search: str = ""
    states: Sequence[str] = ()
    urgencies: Sequence[str] = ()
    category: str = ""
    instrument: str = ""
    counterpart: str = ""
    host: str = ""
    overdue: bool = False
    desk: str = ""
    awake: bool = False


def referrals(principal: Principal, wanted: Wanted, *, at: datetime) -> ReferralQuerySet:
    """The referrals `principal` may see that match, in no order yet. Asks one query where there are words to search."""
    rows = Referral.objects.visible_to(principal)
    if wanted.overdue:
        rows = rows.overdue(at)
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    if wanted.search:
        rows = rows.filter(referral_match(principal, wanted.search))
    return rows.filter(_envelope(principal, wanted))


def items(principal: Principal, wanted: Wanted, *, at: datetime) -> ItemQuerySet:
    """The items `principal` may see that match, in no order yet."""
    rows = Item.objects.visible_to(principal)
    if wanted.overdue:
        rows = rows.overdue(at)
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    if wanted.host:
        rows = rows.filter(host=wanted.host)
    if wanted.search:
        rows = rows.filter(_item_match(wanted.search) | desk.numbered(wanted.search.strip(), principal))
    if wanted.desk:
        rows = rows.filter(desk.condition(wanted.desk, principal, at=at))
    if wanted.awake:
        rows = rows.exclude(desk.asleep(principal, at=at))
    return rows.filter(_envelope(principal, wanted, prefix="referral__"))


def with_clocks(rows: Rows, *, referral: str = "pk") -> Rows:
    """Each row with what a list says of its clock besides the due time; `referral`: where its key stands.

    `paused_since`: since when the sender owes information; `is_statutory`: whether the law's clock leads.
    """
    clocks = Obligation.objects.filter(referral=OuterRef(referral))
    paused = clocks.filter(paused_since__isnull=False, met_at__isnull=True).order_by("due_at", "pk")
    leads = Exists(clocks.filter(is_leading=True, statutory=True))
    return rows.annotate(paused_since=Subquery(paused.values("paused_since")[:1]), is_statutory=leads)


def newest_first(principal: Principal) -> Order:
    """The natural order of somebody's referrals: the sender's by filing, the platform's by sending."""
    return SENT if side_of(principal) is Side.RECIPIENT else FILED


def next_to_answer(principal: Principal) -> Referral | None:
    """What a platform should take up now: danger to life first, then by due time; never what the sender must answer."""
    danger = Choose(When(urgency__in=[Urgency.LIFE, Urgency.CRISIS], then=Value(0)), default=Value(1))
    waiting = Referral.objects.visible_to(principal).filter(state__in=sorted(WITH_THE_PLATFORM), open_count__gt=0)
    return waiting.order_by(danger, *DUE.columns()).first()


def capped_counts(sets: Mapping[str, QuerySet[Model]], *, cap: int = CAP) -> dict[str, int]:
    """How many rows each set has, never counting further than `cap` + 1, all in one query.

    Give them in the order of the index that finds them: then it is read no further than the cap either.
    """
    compiled = [_counting(rows.values("pk")[: cap + 1]) for rows in sets.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(sql for sql, _values in compiled)}",
            [value for _sql, values in compiled for value in values],
        )
        return dict(zip(sets, cursor.fetchone(), strict=True))


def _counting(rows: QuerySet[Model, dict[str, Any]]) -> tuple[str, Sequence[Any]]:
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:  # the condition can match nothing, so Django writes no statement
        return "0", ()
    return f"(SELECT count(*) FROM ({sql}) AS few)", values  # noqa: S608  the statement is Django's


def _envelope(principal: Principal, wanted: Wanted, *, prefix: str = "") -> Q:
    """What the referral itself says: urgency, category, and who is at the other end."""
    other = "sender" if side_of(principal) is Side.RECIPIENT else "recipient"
    asked = {
        f"{prefix}urgency__in": wanted.urgencies,
        f"{prefix}category": wanted.category,
        f"{prefix}instrument": wanted.instrument,
        f"{other}__slug": wanted.counterpart,
    }
    return Q(**{condition: value for condition, value in asked.items() if value})


def referral_match(principal: Principal, search: str) -> Q:
    """A referral's reference, its case's or an item's, or what an item is found by. Asks one query or two."""
    reference = _reference(search)
    if reference.startswith("R-"):
        return Q(reference=reference)
    if reference.startswith("C-") and side_of(principal) is Side.SENDER:
        return Q(case__reference=reference)
    by_item = Q(pk__in=_with_items(Item.objects.visible_to(principal).filter(_item_match(search))))
    if side_of(principal) is Side.RECIPIENT:
        return by_item
    cases = Case.objects.visible_to(principal).filter(external_id=search.strip())
    return by_item | Q(case_id__in=list(cases.values_list("pk", flat=True)))


def _with_items(items: ItemQuerySet) -> Sequence[int] | QuerySet[Item, Any]:
    """The referrals of these items: looked up first where they are few, asked row by row where they are many.

    Either way alone is slow for the other case: a list in order cannot stop early at what is rare.
    """
    few = list(items.order_by().values_list("referral_id", flat=True).distinct()[: CAP + 1])
    return few if len(few) <= CAP else items.values("referral_id")


def _item_match(search: str) -> Q:
    """An item's reference, a host with what lies under it, a whole address, an account, or the sender's own number."""
    reference = _reference(search)
    if reference.startswith("I-"):
        return Q(reference=reference)
    if reference.startswith("R-"):
        return Q(referral__reference=reference)
    words = search.strip()
    match = Q(external_id=words) | Q(account__in=[words, f"@{words.removeprefix('@')}"])
    address = read_address(words)
    if isinstance(address, RowError):
        return match
    has_path = address.canonical.partition("://")[2].partition("/")[2]
    if has_path:
        return match | Q(url_hash=address.url_hash)
    return match | Q(host=address.host) | Q(host__endswith=f".{address.host}")


def _reference(search: str) -> str:
    """The reference somebody typed, mended where it can be; anything else as it is."""
    return normalise(search) or search.strip().upper()


def attachments_of(referral: Referral) -> Sequence[Attachment]:
    """Its files without their bytes, oldest first."""
    return list(Attachment.objects.filter(referral=referral).defer("content").order_by("pk"))

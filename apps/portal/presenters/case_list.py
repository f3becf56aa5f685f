from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum

from apps.accounts.principal import Principal
from apps.core.references import normalise
from apps.referrals.models import Case, Referral
from apps.referrals.paging import Order, Page, read_page
from apps.referrals.transitions import State

PAGE_SIZE = 50
NEWEST_FIRST = Order("created_at", descending=True)


@dataclass(frozen=True, slots=True)
class Sums:
    """Of a case's referrals. What was withdrawn owes no answers, so its addresses count neither way."""

    platforms: int = 0
    addresses: int = 0
    answered: int = 0
    drafts: int = 0
    in_review: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    case: Case
    sums: Sums


@dataclass(frozen=True, slots=True)
class CaseList:
    lines: Sequence[Line]
    page: Page[Case]
    search: str


def case_list(*, search: str, cursor: str, by: Principal) -> CaseList:
    """A page of cases, newest first, and the sums of each: two queries (three at an end of the list)."""
    page = read_page(_matching(Case.objects.visible_to(by), search), NEWEST_FIRST, cursor=cursor, size=PAGE_SIZE)
    sums = _sums(page.rows)
    return CaseList([Line(case, sums.get(case.pk, Sums())) for case in page.rows], page, search)


def _matching(rows: QuerySet[Case], search: str) -> QuerySet[Case]:
    if not search:
        return rows
    return rows.filter(
        Q(title__icontains=search)
        | Q(external_id__iexact=search)
        | Q(reference__in=[normalise(search) or search.upper()])
    )


def _sums(cases: Sequence[Case]) -> Mapping[int, Sums]:
    counted = ~Q(state=State.WITHDRAWN)
    rows = Referral.objects.filter(case__in=cases).order_by().values("case_id")
    sums = rows.annotate(
        platforms=Count("pk"),
        addresses=Sum("item_count", filter=counted, default=0),
        answered=Sum(F("item_count") - F("open_count"), filter=counted, default=0),
        drafts=Count("pk", filter=Q(state=State.DRAFT)),
        in_review=Count("pk", filter=Q(state=State.IN_REVIEW)),
    )
    return {
        row["case_id"]: Sums(row["platforms"], row["addresses"], row["answered"], row["drafts"], row["in_review"])
        for row in sums
    }

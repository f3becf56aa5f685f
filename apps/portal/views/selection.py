"""From what a list sent to the items it means: those ticked, or all open ones that match its filters."""

from collections.abc import Sequence
from datetime import datetime

from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import number_format

from apps.accounts.principal import Principal
from apps.portal.forms.filters import ItemFilters
from apps.portal.presenters.answered import COUNTED
from apps.referrals import selectors
from apps.referrals.querysets import ItemQuerySet
from apps.referrals.selectors import DUE, Wanted

AT_MOST = 1000


def wanted_of(by: Principal, filters: str) -> Wanted:
    """What a list's address asks for; of what nobody can read, nothing."""
    return ItemFilters(QueryDict(filters), principal=by).wanted


def matching(by: Principal, filters: str, *, at: datetime) -> ItemQuerySet:
    """Every open item that matches a worklist's filters, what is due first at the top."""
    return selectors.items(by, wanted_of(by, filters), at=at).open().order_by(*DUE.columns())


def count_of(by: Principal, filters: str, *, at: datetime) -> int:
    """How many still match; counting stops one beyond 10,000."""
    return selectors.capped_counts({"all": matching(by, filters, at=at)}, cap=COUNTED)["all"]


def counted(count: int, *, less: int = 0) -> str:
    """`412`, or `10,000+` where counting stopped; `less` are not to be counted."""
    shown = number_format(min(count, COUNTED) - less)
    return f"{shown}+" if count > COUNTED else shown


def chosen(by: Principal, asked: QueryDict, *, at: datetime) -> Sequence[str]:
    """The references ticked, or of the first thousand that match."""
    if asked.get("everything"):
        found = matching(by, str(asked.get("filters", "")), at=at)
        return list(found.values_list("reference", flat=True)[:AT_MOST])
    return [str(one) for one in asked.getlist("item")[:AT_MOST]]


def list_address(parameters: str) -> str:
    """The worklist as it was asked for, and nothing but the worklist."""
    kept = QueryDict(parameters).urlencode()
    return f"{reverse('portal:items')}?{kept}" if kept else reverse("portal:items")

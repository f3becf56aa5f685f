"""Lists as pages: filtered, in an order that an index has, with links to the next page and the one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.api.cursors import seal, unseal
from apps.api.errors import BadRequest
from apps.api.http import Request
from apps.referrals.paging import Order, read_page

M = TypeVar("M", bound=Model)

SIZE, LARGEST = 50, 200
PARAMETERS = frozenset({"cursor", "page_size"})


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    rows: Sequence[M]
    next: str | None
    previous: str | None

    def answer(self, results: Sequence[Mapping[str, Any]], *, name: str = "results") -> dict[str, Any]:
        return {name: results, "next": self.next, "previous": self.previous}


def page_of(rows: QuerySet[M], order: Order, *, request: Request) -> Page[M]:
    """The page a request asks for. Its cursor is good for this list, this order and this organisation only."""
    context = f"{request.user.organisation_id} {request.path} {order.field} {order.descending}"
    cursor = request.query_params.get("cursor", "")
    inner = unseal(cursor, context=context) if cursor else ""
    found = read_page(rows, order, cursor=inner, size=size_of(request))
    return Page(
        found.rows,
        next=_link(request, found.next, context),
        previous=_link(request, found.previous, context),
    )


def size_of(request: Request) -> int:
    given = request.query_params.get("page_size", str(SIZE))
    size = int(given) if given.isascii() and given.isdigit() and len(given) <= 3 else 0
    if not 1 <= size <= LARGEST:
        sentence = _("Give a number from 1 to 200, or leave it out for 50.")
        raise invalid_parameters({"page_size": [str(sentence)]})
    return size


def invalid_parameters(errors: Mapping[str, Sequence[str]]) -> BadRequest:
    return BadRequest(
        "invalid_parameter", _("A parameter of the address has a wrong value; see `errors`."), errors=errors
    )


def _link(request: Request, inner: str | None, context: str) -> str | None:
    if inner is None:
        return None
    query = request.query_params.copy()
    query["cursor"] = seal(inner, context=context)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")

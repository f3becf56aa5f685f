from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter

from apps.api.answers import answer
from apps.api.filters.kinds import Filters
from apps.api.http import Request
from apps.api.pages import PARAMETERS, invalid_parameters, page_of
from apps.api.views.base import ApiView
from apps.referrals.paging import Order


class ListView(ApiView):
    """`GET` as pages. A list says its rows, its order, how it writes a row, and leaves a trace of what it showed."""

    filters: ClassVar[type[Filters] | None] = None
    order_meaning: ClassVar[str] = ""
    orders: ClassVar[Mapping[str, Order]]  # by the value of `order`

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    def usual_order(self) -> str:
        return next(iter(self.orders))

    def write(self, rows: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
        raise NotImplementedError

    def note(self, rows: Sequence[Any]) -> None:
        """Record the reading, where what was read is somebody's."""

    def get(self, request: Request) -> HttpResponse:
        page = page_of(self.filtered(), self.columns(), request=request)
        self.note(page.rows)
        return answer(page.answer(self.write(page.rows), name=self.operations["GET"].rows))

    def columns(self) -> Order:
        return self.orders[self.order]

    @cached_property
    def order(self) -> str:
        wanted = self.request.query_params.get("order") or self.usual_order()
        if wanted not in self.orders:
            raise invalid_parameters(
                {"order": [str(_("Use one of: %(orders)s.") % {"orders": ", ".join(self.orders)})]}
            )
        return wanted

    def filtered(self) -> QuerySet[Any]:
        rows = self.rows()
        if self.filters is None or not self.filters.base_filters.keys() & self.request.query_params.keys():
            return rows
        found = self.filters(self.request.query_params, rows, by=self.principal, at=self.at)
        if not found.is_valid():
            raise invalid_parameters({name: [str(one) for one in errors] for name, errors in found.errors.items()})
        narrowed: QuerySet[Any] = found.qs
        return narrowed

    def known_parameters(self) -> frozenset[str]:
        if self.request.method == "POST":
            return super().known_parameters()
        return self.parameters | PARAMETERS | {one.name for one in self.filter_parameters()}

    def filter_parameters(self) -> list[OpenApiParameter]:
        """The filters as the OpenAPI document names them."""
        filters = self.filters.base_filters.items() if self.filters else ()
        found = [OpenApiParameter(name, type=dict(one.form), description=one.label) for name, one in filters]
        if len(self.orders) > 1:
            form = {"type": "string", "enum": list(self.orders)}
            found.append(OpenApiParameter("order", type=form, description=self.order_meaning))
        return found

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from apps.api.filters.items import ItemFilters
from apps.api.schema import Operation
from apps.api.selectors import newest_decisions
from apps.api.serializers.items import COLUMNS, ItemRow, write_item
from apps.api.views.lists import ListView
from apps.audit.services import consulted
from apps.delivery.services import note_read
from apps.organisations.permissions import Permission
from apps.referrals.desk import tracking_of
from apps.referrals.models import Item
from apps.referrals.paging import Order

DUE, NEWEST, OLDEST = "due", "newest", "oldest"


class Items(ListView):
    """A platform's worklist: what is due next stands first, and what is decided is out of the way."""

    filters = ItemFilters
    orders = {
        NEWEST: Order("filed_at", descending=True),
        OLDEST: Order("filed_at"),
        DUE: Order("due_at", may_be_empty=True),
    }
    order_meaning = (
        "`newest` or `oldest` first, or what is `due` first; `due` shows open items only. Left out, the items of one"
        " `referral` come in their order; a platform that asks for no `state`, `outcome` or `external_id` has `due`,"
        " everybody else `newest`."
    )
    operations = {
        "GET": Operation(
            id="items_list",
            tag="items",
            summary="List items",
            description="For a platform its worklist, due first; for a sender its own addresses and their outcomes."
            " Reading them is logged.",
            permission=Permission.VIEW_REFERRALS,
            answers=ItemRow,
            paged=True,
        )
    }

    def rows(self) -> QuerySet[Any]:
        rows = Item.objects.visible_to(self.principal)
        return (rows.open() if self.order == DUE else rows).values_list(*COLUMNS, named=True)

    def usual_order(self) -> str:
        asked = self.request.query_params.keys()
        if "referral" in asked:
            return OLDEST
        is_worklist = self.principal.organisation.receives and not asked & {"state", "outcome", "external_id"}
        return DUE if is_worklist else NEWEST

    def write(self, rows: Sequence[Item]) -> Sequence[Mapping[str, Any]]:
        decisions = newest_decisions(rows)
        tracked = tracking_of(self.principal, [row.pk for row in rows])
        return [write_item(row, decisions.get(row.pk), tracked.get(row.pk), at=self.at) for row in rows]

    def note(self, rows: Sequence[Any]) -> None:
        consulted(
            "item.listed",
            organisation_id=self.principal.organisation_id,
            target_type="item",
            targets=[row.reference for row in rows],
            by=self.principal,
            at=self.at,
        )
        if rows and self.principal.organisation.receives:
            note_read(sorted({row.referral__reference for row in rows}), through="api", by=self.principal, at=self.at)

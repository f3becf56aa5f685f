from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse

from apps.api.answers import answer
from apps.api.http import Request
from apps.api.idempotency import once
from apps.api.pages import page_of
from apps.api.reading import read
from apps.api.schema import Operation
from apps.api.serializers.checks import CheckIn, CheckOut, write_check
from apps.api.views.lists import ListView
from apps.audit.services import consulted
from apps.organisations.permissions import Permission
from apps.referrals.access import access_item
from apps.referrals.models import Item
from apps.referrals.paging import Order
from apps.verification import services
from apps.verification.models import Check


class ItemChecks(ListView):
    """Looks at one address, newest first. A platform sees those that it was told of."""

    orders = {"newest": Order("at", descending=True)}
    operations = {
        "GET": Operation(
            id="items_checks",
            tag="items",
            summary="List the looks at an item",
            description="What people and the checker found at the address since it was sent, newest first. A platform"
            " sees the looks that it was told of. Reading them is logged.",
            permission=Permission.VIEW_REFERRALS,
            answers=CheckOut,
            paged=True,
        ),
        "POST": Operation(
            id="items_check",
            tag="items",
            summary="Note a look at an item",
            description="What somebody of the sender found at the address: `gone`, `still_there` or `unclear`. The"
            " platform's decision stays as it is; what contradicts it is put before a person for review.",
            permission=Permission.FILE_REFERRALS,
            takes=CheckIn,
            answers=CheckOut,
            status=HTTPStatus.CREATED,
            meaning="Noted.",
            idempotent=True,
            refusals={
                409: "`not_sent_yet`: no platform has the item.",
                422: "`check_invalid`: a finding that is none of the three, or a note that is too long.",
            },
        ),
    }

    def get(self, request: Request, reference: str = "") -> HttpResponse:
        item = access_item(self.principal, reference, self.permission)
        page = page_of(Check.objects.filter(item=item), self.columns(), request=request)
        self.note_reading(item)
        return answer(page.answer(self.write(page.rows), name=self.operations["GET"].rows))

    def post(self, request: Request, reference: str) -> HttpResponse:
        item = access_item(self.principal, reference, self.permission)
        return once(request, lambda: self.act(item))

    def act(self, item: Item) -> HttpResponse:
        given = read(CheckIn, self.request.data)
        check = services.check_by_hand(item, **given, by=self.principal, at=self.at)
        return answer(write_check(check), status=HTTPStatus.CREATED)

    def rows(self) -> QuerySet[Any]:
        return Check.objects.none()  # `get` names the item

    def write(self, rows: Sequence[Check]) -> Sequence[Mapping[str, Any]]:
        return [write_check(row) for row in rows]

    def note_reading(self, item: Item) -> None:
        consulted(
            "item.consulted",
            organisation_id=self.principal.organisation_id,
            target_type="item",
            targets=[item.reference],
            by=self.principal,
            at=self.at,
        )

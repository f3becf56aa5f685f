from typing import Any

from django.db.models import QuerySet

from apps.api.filters.kinds import Filters, Moment, OneOf, Text
from apps.referrals.models import Item, Origin, Referral


class StatementFilters(Filters):
    since = Moment(field_name="created_at", lookup_expr="gte", label="Made or loaded at this time or later.")
    until = Moment(field_name="created_at", lookup_expr="lt", label="Made or loaded before this time.")
    puid = Text(label="The one with this puid.", max_length=500)
    origin = OneOf(choices=Origin.choices, label="Made by the portal, or loaded by the platform itself.")
    referral = Text(method="of_referral", label="Decisions on this referral, by its reference.", max_length=24)
    item = Text(method="of_item", label="Decisions on this item, by its reference.", max_length=24)

    def of_referral(self, rows: QuerySet[Any], name: str, reference: str) -> QuerySet[Any]:
        referrals = Referral.objects.visible_to(self.by).filter(reference=reference)
        return rows.filter(item__in=Item.objects.visible_to(self.by).filter(referral__in=referrals).values("pk"))

    def of_item(self, rows: QuerySet[Any], name: str, reference: str) -> QuerySet[Any]:
        return rows.filter(item__in=Item.objects.visible_to(self.by).filter(reference=reference).values("pk"))

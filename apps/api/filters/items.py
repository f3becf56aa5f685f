from django.db.models import Q

from apps.api.filters.kinds import Filters, Flag, Moment, OneOf, Text
from apps.referrals.models import Referral
from apps.referrals.querysets import ItemQuerySet
from apps.referrals.transitions import ItemState
from apps.taxonomy.outcomes import Outcome


class ItemFilters(Filters):
    referral = Text(method="of_referral", label="The referral they belong to, by its reference.", max_length=24)
    state = OneOf(choices=ItemState.choices, label="The item's state.")
    outcome = OneOf(choices=Outcome.choices, label="What the platform decided.")
    overdue = Flag(method="is_overdue", label="Whether an answer is owed and its time has run out.")
    due_before = Moment(field_name="due_at", lookup_expr="lt", label="Due before this time.")
    external_id = Text(label="The sender's own identifier of the item.")
    host = Text(method="on_host", label="The host name of the address, or one above it.", max_length=253)

    def of_referral(self, rows: ItemQuerySet, name: str, reference: str) -> ItemQuerySet:
        """One look-up before, so that the list itself walks the index of that referral's items."""
        found = Referral.objects.visible_to(self.by).filter(reference=reference).values_list("pk", flat=True)
        return rows.filter(referral_id__in=list(found))

    def is_overdue(self, rows: ItemQuerySet, name: str, wanted: bool) -> ItemQuerySet:
        late = rows.overdue(self.at)
        return late if wanted else rows.exclude(pk__in=late.values("pk"))

    def on_host(self, rows: ItemQuerySet, name: str, host: str) -> ItemQuerySet:
        host = host.lower().rstrip(".")
        return rows.filter(Q(host=host) | Q(host__endswith=f".{host}"))

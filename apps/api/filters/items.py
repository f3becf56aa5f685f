from django.db.models import Q

from apps.api.filters.kinds import Filters, Flag, Moment, OneOf, Text
from apps.referrals import desk
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
    mine = Flag(method="on_my_desk", label="For a platform: on one's own desk and not answered.")
    unassigned = Flag(method="on_no_desk", label="For a platform: on nobody's desk.")
    snoozed = Flag(method="put_off", label="For a platform: put off for now. A list shows these too unless asked.")
    tracking_number = Text(method="numbered", label="For a platform: the number in its own system.")
    host = Text(method="on_host", label="The host name of the address, or one above it.", max_length=253)

    def of_referral(self, rows: ItemQuerySet, name: str, reference: str) -> ItemQuerySet:
        """One look-up before, so that the list itself walks the index of that referral's items."""
        found = Referral.objects.visible_to(self.by).filter(reference=reference).values_list("pk", flat=True)
        return rows.filter(referral_id__in=list(found))

    def is_overdue(self, rows: ItemQuerySet, name: str, wanted: bool) -> ItemQuerySet:
        late = rows.overdue(self.at)
        return late if wanted else rows.exclude(pk__in=late.values("pk"))

    def on_my_desk(self, rows: ItemQuerySet, name: str, wanted: bool) -> ItemQuerySet:
        mine = desk.condition(desk.Desk.MINE, self.by, at=self.at)
        return rows.filter(mine) if wanted else rows.exclude(mine)

    def on_no_desk(self, rows: ItemQuerySet, name: str, wanted: bool) -> ItemQuerySet:
        nobodys = desk.condition(desk.Desk.UNASSIGNED, self.by, at=self.at)
        return rows.filter(nobodys) if wanted else rows.exclude(nobodys)

    def put_off(self, rows: ItemQuerySet, name: str, wanted: bool) -> ItemQuerySet:
        asleep = desk.asleep(self.by, at=self.at)
        return rows.filter(asleep) if wanted else rows.exclude(asleep)

    def numbered(self, rows: ItemQuerySet, name: str, number: str) -> ItemQuerySet:
        return rows.filter(desk.numbered(number, self.by))

    def on_host(self, rows: ItemQuerySet, name: str, host: str) -> ItemQuerySet:
        host = host.lower().rstrip(".")
        return rows.filter(Q(host=host) | Q(host__endswith=f".{host}"))

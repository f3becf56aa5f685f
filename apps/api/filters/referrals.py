from datetime import datetime

from django.db.models import Q

from apps.api.filters.kinds import Filters, Flag, Moment, OneOf, Party, Text
from apps.referrals.instruments import Instrument
from apps.referrals.models import Case, Item
from apps.referrals.querysets import ReferralQuerySet
from apps.referrals.selectors import referral_match
from apps.referrals.transitions import State
from apps.taxonomy.categories import Category
from apps.taxonomy.urgency import Urgency


class ReferralFilters(Filters):
    state = OneOf(choices=State.choices, label="The referral's state.")
    instrument = OneOf(choices=Instrument.choices, label="The legal instrument.")
    platform = Party(field_name="recipient", label="The platform, by its slug.")
    sender = Party(label="The sender, by its slug.")
    category = OneOf(choices=Category.choices, label="The category of the Transparency Database.")
    urgency = OneOf(choices=Urgency.choices, label="How soon an answer is hoped for.")
    overdue = Flag(method="is_overdue", label="Whether an answer is owed and its time has run out.")
    due_before = Moment(field_name="due_at", lookup_expr="lt", label="Due before this time.")
    filed_after = Moment(method="after", label="Filed (a platform: sent) at or after this time.")
    filed_before = Moment(method="before", label="Filed (a platform: sent) before this time.")
    external_id = Text(method="with_external_id", label="The sender's own identifier, of the filing or of an item.")
    q = Text(
        method="with_words",
        label="A reference, a host name, an address, an account or an external identifier.",
        max_length=200,
    )

    def is_overdue(self, rows: ReferralQuerySet, name: str, wanted: bool) -> ReferralQuerySet:
        late = rows.overdue(self.at)
        return late if wanted else rows.exclude(pk__in=late.values("pk"))

    def after(self, rows: ReferralQuerySet, name: str, at: datetime) -> ReferralQuerySet:
        return rows.filter(**{f"{self.arrival}__gte": at})

    def before(self, rows: ReferralQuerySet, name: str, at: datetime) -> ReferralQuerySet:
        return rows.filter(**{f"{self.arrival}__lt": at})

    def with_external_id(self, rows: ReferralQuerySet, name: str, wanted: str) -> ReferralQuerySet:
        """A case is the sender's own: a platform finds nothing by a case's identifier."""
        items = Item.objects.visible_to(self.by).filter(external_id=wanted).exclude(external_id="")
        found = Q(pk__in=items.values("referral_id"))
        if self.by.organisation.sends:
            cases = Case.objects.visible_to(self.by).filter(external_id=wanted).exclude(external_id="")
            found |= Q(case_id__in=cases.values("pk"))
        return rows.filter(found)

    def with_words(self, rows: ReferralQuerySet, name: str, words: str) -> ReferralQuerySet:
        return rows.filter(referral_match(self.by, words))

    @property
    def arrival(self) -> str:
        """When a referral came to the one who asks: drafts and reviews are not a platform's business."""
        return "sent_at" if self.by.organisation.receives else "filed_at"

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from apps.organisations.models import Organisation
from apps.statistics.dimensions import Dimension, Scope
from apps.statistics.models.compilation import Compilation
from apps.statistics.querysets import CellManager
from apps.tenancy.classes import Tenancy


class Cell(models.Model):
    """The counts of one month, one scope, one value of one dimension: what every indicator is computed from.

    Counts of items unless said otherwise; months (UTC) are those of filing. What an organisation received, and
    everybody's figures, count referrals from the moment they were sent; what it sent counts its drafts as well, and
    `sent_…` beside them. `decision_seconds` and `action_seconds` hold every duration from receipt, so that a median
    over several months is exact; a second that has begun counts as a whole one, so that the buckets agree with them.
    """

    tenancy = Tenancy.STATISTICS

    compilation = models.ForeignKey(Compilation, on_delete=models.CASCADE, related_name="cells", db_index=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    scope = models.CharField(max_length=16, choices=Scope)
    month = models.DateField(help_text="Its first day.")
    dimension = models.CharField(max_length=16, choices=Dimension)
    value = models.CharField(max_length=80, blank=True, help_text="Empty where unknown, and for the total.")

    cases = models.PositiveIntegerField(help_text="Filings; never counted for those who received.")
    referrals = models.PositiveIntegerField()
    sent_referrals = models.PositiveIntegerField()
    items = models.PositiveIntegerField()
    sent_items = models.PositiveIntegerField()
    sensitive_items = models.PositiveIntegerField(help_text="Sent, about terrorism or child sexual abuse.")
    delivered = models.PositiveIntegerField(help_text="With a proof of receipt.")
    withdrawn = models.PositiveIntegerField(help_text="Delivered, then withdrawn before a decision.")
    decided = models.PositiveIntegerField(help_text="Delivered and decided.")
    removed = models.PositiveIntegerField()
    restricted = models.PositiveIntegerField(help_text="Any action short of removal.")
    refused = models.PositiveIntegerField()
    other = models.PositiveIntegerField(help_text="Decided, neither action nor refusal: gone, not theirs …")
    overdue = models.PositiveIntegerField(help_text="Open past their due time at as_of.")
    within_hour = models.PositiveIntegerField(help_text="Decided 0–1 h after receipt; the bound itself is inside.")
    within_day = models.PositiveIntegerField(help_text="1–24 h")
    within_two_days = models.PositiveIntegerField(help_text="24–48 h")
    within_week = models.PositiveIntegerField(help_text="2–7 days")
    later = models.PositiveIntegerField(help_text="More than 7 days")
    decision_seconds = ArrayField(models.PositiveIntegerField(), help_text="Receipt to first decision.")
    action_seconds = ArrayField(
        models.PositiveIntegerField(), help_text="Receipt to action; no-action items have none."
    )

    objects = CellManager()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["compilation", "organisation", "scope", "dimension", "month", "value"],
                name="cell_once_per_place",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="cell_of_all_has_no_organisation",
                condition=Q(scope="all", organisation__isnull=True) | (~Q(scope="all") & Q(organisation__isnull=False)),
            ),
            models.CheckConstraint(
                name="cell_outcomes_make_the_decided",
                condition=Q(decided=F("removed") + F("restricted") + F("refused") + F("other")),
            ),
            models.CheckConstraint(
                name="cell_buckets_make_the_decided",
                condition=Q(
                    decided=F("within_hour") + F("within_day") + F("within_two_days") + F("within_week") + F("later")
                ),
            ),
            models.CheckConstraint(
                name="cell_delivered_within_sent",
                condition=Q(delivered__lte=F("sent_items"), items__gte=F("sent_items")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.month} {self.dimension}={self.value}"

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import Organisation
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class Dimension(models.TextChoices):
    """What the figures of a cell are broken down by; NONE is the total."""

    NONE = "none", _("Total")
    INSTRUMENT = "instrument", _("Instrument")
    CATEGORY = "category", _("Category")
    PLATFORM = "platform", _("Platform")
    SIZE_CLASS = "size_class", _("Size of the platform")
    SENDER = "sender", _("Sender")
    COUNTRY = "country", _("Member State of the sender")
    URGENCY = "urgency", _("Urgency")
    LANGUAGE = "language", _("Language of the content")


class Scope(models.TextChoices):
    """Whose figures: what an organisation sent, what it received, or everybody's (organisation null)."""

    SENT = "sent", _("Sent")
    RECEIVED = "received", _("Received")
    ALL = "all", _("All organisations")


class Compilation(models.Model):
    """One run of the count. Figures belong to a run, so that last year's can be shown as they were."""

    tenancy = Tenancy.REFERENCE

    as_of = models.DateTimeField(unique=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    definition = models.PositiveSmallIntegerField(default=1, help_text="Version of the indicators' definitions.")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"as of {self.as_of:%Y-%m-%d %H:%M}"


class Cell(models.Model):
    """The counts of one month, one scope, one value of one dimension: what every indicator is computed from.

    Counts of items unless said otherwise; months (UTC) are those of filing. `decision_seconds` and `action_seconds`
    hold every duration from receipt, so that a median over several months is exact.
    """

    tenancy = Tenancy.STATISTICS

    compilation = models.ForeignKey(Compilation, on_delete=models.CASCADE, related_name="cells")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="+")
    scope = models.CharField(max_length=16, choices=Scope)
    month = models.DateField(help_text="Its first day.")
    dimension = models.CharField(max_length=16, choices=Dimension)
    value = models.CharField(max_length=80, blank=True)

    cases = models.PositiveIntegerField(default=0)
    referrals = models.PositiveIntegerField(default=0)
    items = models.PositiveIntegerField(default=0)
    delivered = models.PositiveIntegerField(default=0)
    decided = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    restricted = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    other = models.PositiveIntegerField(default=0, help_text="Decided, neither action nor refusal: gone, not theirs …")
    overdue = models.PositiveIntegerField(default=0, help_text="Open past their due time at as_of.")
    withdrawn = models.PositiveIntegerField(default=0)
    within_hour = models.PositiveIntegerField(default=0)
    within_day = models.PositiveIntegerField(default=0)
    within_two_days = models.PositiveIntegerField(default=0)
    within_week = models.PositiveIntegerField(default=0)
    later = models.PositiveIntegerField(default=0)
    decision_seconds = ArrayField(models.PositiveIntegerField(), default=list)
    action_seconds = ArrayField(models.PositiveIntegerField(), default=list)

    objects = TenantManager["Cell"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["compilation", "organisation", "scope", "dimension", "month", "value"],
                name="cell_once_per_place",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.month} {self.dimension}={self.value}"

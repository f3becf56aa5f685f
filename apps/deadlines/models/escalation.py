from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import Organisation
from apps.referrals.instruments import Instrument
from apps.taxonomy.areas import Area
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class Age(models.TextChoices):
    """How long something had been overdue when it came on the list."""

    DAY = "1_day", _("Up to a day")
    DAYS = "3_days", _("1 to 3 days")
    WEEK = "7_days", _("3 to 7 days")
    OLDER = "older", _("More than a week")


class Escalation(models.Model):
    """How many referrals to a platform came on the Commission's list on a day (UTC): counts alone, no reference."""

    tenancy = Tenancy.STATISTICS

    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="Always null: the list is for those who oversee all organisations.",
    )
    platform = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    instrument = models.CharField(max_length=24, choices=Instrument)
    area = models.CharField(max_length=24, choices=Area)
    day = models.DateField()
    age = models.CharField(max_length=16, choices=Age)
    count = models.PositiveIntegerField()

    objects = TenantManager["Escalation"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["day", "platform", "instrument", "area", "age"], name="escalation_once_per_place"
            ),
            models.CheckConstraint(
                name="escalation_is_of_all", condition=models.Q(organisation__isnull=True, count__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count} on {self.day}"

from django.db import models
from django.db.models import Q

from apps.organisations.models import Organisation, SizeClass
from apps.referrals.instruments import Instrument
from apps.taxonomy.areas import Area
from apps.taxonomy.limits import Unit
from apps.taxonomy.urgency import Urgency
from apps.tenancy.classes import Tenancy


class Policy(models.Model):
    """What an organisation asks for, or promises: its targets and its ladder of reminders, as one version.

    The newest version counts for what is received from then on; obligations keep the one they were started under.
    A sender's targets take the place of the portal's own; a platform's stand beside them. Everybody may read them: who
    is measured by a target should know it.
    """

    tenancy = Tenancy.DIRECTORY
    append_only = True

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="target_policies", db_index=False
    )
    version = models.PositiveIntegerField()
    note = models.CharField(max_length=300, blank=True, default="", help_text="What has changed, and why.")
    ladder = models.JSONField(
        default=dict, blank=True, help_text="Percent of the time by rung; empty: the portal's own ladder."
    )
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True, help_text="The person; null for the system.")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["organisation", "version"], name="policy_version_is_unique"),
        ]

    def __str__(self) -> str:
        return f"Policy {self.version} of {self.organisation_id}"


class Target(models.Model):
    """One line of a policy: within what time, and for which referrals. An empty field stands for any."""

    tenancy = Tenancy.DIRECTORY
    append_only = True

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="targets")
    instrument = models.CharField(max_length=24, choices=Instrument, blank=True, default="")
    area = models.CharField(max_length=24, choices=Area, blank=True, default="")
    urgency = models.CharField(max_length=16, choices=Urgency, blank=True, default="")
    size_class = models.CharField(max_length=8, choices=SizeClass, blank=True, default="")
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=16, choices=Unit)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "instrument", "area", "urgency", "size_class"],
                name="target_once_per_kind_of_referral",
            ),
            models.CheckConstraint(name="target_takes_some_time", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="target_unit_is_for_targets", condition=Q(unit__in=["hours", "calendar_days", "working_days"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"

    @property
    def precision(self) -> int:
        """How many fields it names: of the lines that fit, the most precise counts."""
        return sum(map(bool, (self.instrument, self.area, self.urgency, self.size_class)))

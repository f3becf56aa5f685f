from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import Organisation
from apps.referrals.models import Obligation
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class Rung(models.TextChoices):
    OVERDUE = "overdue", _("Reminder after the due time")


class Chase(models.Model):
    """One rung of the ladder, taken: unique per obligation and rung, so nobody is chased twice for the same thing."""

    tenancy = Tenancy.ENVELOPE
    append_only = True

    sender = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    recipient = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    disclosed = models.BooleanField(default=True, db_default=True)
    obligation = models.ForeignKey(
        Obligation,
        on_delete=models.CASCADE,
        related_name="chases",
        db_index=False,
        db_constraint=False,  # (obligation_id, sender_id, recipient_id): composite, in the migration
    )
    rung = models.CharField(max_length=24, choices=Rung)
    at = models.DateTimeField()

    objects = TenantManager["Chase"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["obligation", "rung"], name="chase_once_per_rung")]

    def __str__(self) -> str:
        return f"{self.rung} of obligation {self.obligation_id}"

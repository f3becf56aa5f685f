from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import Organisation
from apps.referrals.models.referral import Referral
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class Clock(models.TextChoices):
    """Which clock runs. Statutory clocks come with the instruments that have them."""

    ANSWER_TARGET = "answer_target", _("Target for an answer")


class Obligation(models.Model):
    """One clock of one referral, started at the proven receipt. While the sender owes information it stands still.

    `due_at` already contains the pauses that have ended (`paused_seconds`); `paused_since` marks one that goes on.
    """

    tenancy = Tenancy.ENVELOPE

    sender = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    recipient = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    disclosed = models.BooleanField(default=True, db_default=True)
    referral = models.ForeignKey(
        Referral,
        on_delete=models.CASCADE,
        related_name="obligations",
        db_index=False,
        db_constraint=False,  # (referral_id, sender_id, recipient_id): composite, in the migration
    )
    clock = models.CharField(max_length=24, choices=Clock)
    statutory = models.BooleanField()
    started_at = models.DateTimeField(help_text="The proven receipt.")
    limit_seconds = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    paused_since = models.DateTimeField(null=True, blank=True)
    paused_seconds = models.PositiveIntegerField(default=0, db_default=0)
    met_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Withdrawn: neither met nor missed.")

    objects = TenantManager["Obligation"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["referral", "clock"], name="obligation_once_per_clock"),
            models.UniqueConstraint(fields=["id", "sender", "recipient"], name="obligation_is_between_two"),
            models.CheckConstraint(name="obligation_due_after_start", condition=Q(due_at__gt=F("started_at"))),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="obligation_running",
                condition=Q(met_at__isnull=True, ended_at__isnull=True, paused_since__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock} due {self.due_at:%Y-%m-%d %H:%M}"

    def is_overdue(self, at: datetime) -> bool:
        """`due_at` itself is within; a paused clock is never overdue."""
        return self.met_at is None and self.ended_at is None and self.paused_since is None and self.due_at < at

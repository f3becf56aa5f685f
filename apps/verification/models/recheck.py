from django.db import models
from django.db.models import Q

from apps.organisations.models import Organisation
from apps.referrals.models import Item
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class Skipped(models.TextChoices):
    """Why a planned look was not made."""

    SWITCHED_OFF = "switched_off"
    NOT_ALLOWED = "not_allowed"
    SUPERSEDED = "superseded"
    GIVEN_UP = "given_up"


class Recheck(models.Model):
    """A look that is planned: so many days after a claimed removal. One row each, so none is made twice or lost."""

    tenancy = Tenancy.ENVELOPE

    sender = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    recipient = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    disclosed = models.BooleanField(default=False, db_default=False)
    item = models.ForeignKey(
        Item,
        on_delete=models.CASCADE,
        related_name="rechecks",
        db_index=False,
        db_constraint=False,  # (item_id, sender_id, recipient_id): composite, in the migration
    )
    claimed_at = models.DateTimeField()
    after_days = models.PositiveSmallIntegerField()
    host = models.CharField(max_length=253, help_text="One look at a time at each.")
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    skipped = models.CharField(max_length=16, choices=Skipped, blank=True, default="", db_default="")

    objects = TenantManager["Recheck"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["item", "claimed_at", "after_days"], name="recheck_once_per_claim_and_day"),
            models.CheckConstraint(name="recheck_is_the_sender_s_own", condition=Q(disclosed=False)),
            models.CheckConstraint(
                name="recheck_done_is_no_longer_held", condition=Q(done_at__isnull=True) | Q(lease_until__isnull=True)
            ),
            models.CheckConstraint(name="recheck_skipped_is_done", condition=Q(skipped="") | Q(done_at__isnull=False)),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="recheck_due", condition=Q(done_at__isnull=True)),
            models.Index(fields=["host", "-done_at"], name="recheck_last_at_host", condition=Q(skipped="")),
            models.Index(fields=["host"], name="recheck_at_host_now", condition=Q(lease_until__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.after_days} days after {self.claimed_at:%Y-%m-%d}"

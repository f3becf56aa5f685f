from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from apps.organisations.models import Organisation
from apps.referrals.models.item import Item
from apps.taxonomy.outcomes import Outcome
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class Decision(models.Model):
    """What a platform decided about an item, and why. A history: the newest one counts, none is ever changed."""

    tenancy = Tenancy.ENVELOPE
    append_only = True

    sender = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    recipient = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    disclosed = models.BooleanField(default=True, db_default=True)
    item = models.ForeignKey(
        Item,
        on_delete=models.CASCADE,
        related_name="decisions",
        db_index=False,
        db_constraint=False,  # (item_id, sender_id, recipient_id): composite, in the migration
    )
    outcome = models.CharField(max_length=32, choices=Outcome)
    refusal_reason = models.CharField(max_length=40, blank=True, default="")
    ground = models.CharField(
        max_length=40, blank=True, default="", help_text="DECISION_GROUND_…, where action was taken"
    )
    legal_ground = models.CharField(max_length=500, blank=True, default="")
    explanation = models.CharField(max_length=2000, blank=True, default="")
    acted_at = models.DateTimeField(null=True, blank=True)
    automated_detection = models.BooleanField(null=True, blank=True)
    automated_decision = models.CharField(max_length=40, blank=True, default="")
    territorial_scope = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    restrictions = ArrayField(
        models.CharField(max_length=80),
        default=list,
        db_default=[],
        blank=True,
        help_text="DECISION_VISIBILITY_…, _MONETARY_…, _PROVISION_…, _ACCOUNT_…: everything that was restricted",
    )
    ends_on = models.DateField(null=True, blank=True, help_text="The last restriction's end; without one, none is set")
    forwarded_to = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="Whom the notice was handed to, or who should have had it: a platform's name, or free text",
    )
    platform_reference = models.CharField(max_length=200, blank=True, default="")
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_as = models.CharField(
        max_length=254, blank=True, default="", db_default="", help_text="Without an account: the address of the link."
    )
    channel = models.CharField(max_length=16, help_text="web, api, export or email_link")

    objects = TenantManager["Decision"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="decision_was_made_by_somebody",
                condition=Q(decided_by__isnull=False, decided_as="")
                | (Q(decided_by__isnull=True, channel="email_link") & ~Q(decided_as="")),
            ),
            models.CheckConstraint(
                name="decision_refusal_says_why", condition=~Q(outcome="NO_ACTION") | ~Q(refusal_reason="")
            ),
        ]
        indexes = [models.Index(fields=["item", "-id"], name="decision_newest_first")]

    def __str__(self) -> str:
        return f"{self.outcome} at {self.decided_at:%Y-%m-%d %H:%M}"

from django.db import models
from django.db.models import Q

from apps.organisations.models import Organisation
from apps.referrals.models.referral import Referral
from apps.referrals.querysets import ItemManager
from apps.referrals.transitions import ItemState
from apps.taxonomy.outcomes import Outcome
from apps.tenancy.classes import Tenancy


class Item(models.Model):
    """One address in a referral; where outcomes live. `outcome` repeats the newest decision's."""

    tenancy = Tenancy.ENVELOPE

    sender = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    recipient = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    disclosed = models.BooleanField(default=False, db_default=False)
    referral = models.ForeignKey(
        Referral,
        on_delete=models.CASCADE,
        related_name="items",
        db_index=False,
        db_constraint=False,  # (referral_id, sender_id, recipient_id): composite, in the migration
    )
    reference = models.CharField(max_length=24)
    row = models.PositiveIntegerField(help_text="From 0, as the filing counted them.")
    external_id = models.CharField(max_length=100, blank=True, default="")

    url_raw = models.TextField(help_text="As received, never changed: up to 8,192 bytes.")
    url = models.TextField(help_text="Canonical, for reading; the hash leaves the fragment out.")
    url_hash = models.BinaryField(max_length=32)
    host = models.CharField(max_length=253)
    content_type = models.CharField(max_length=40, blank=True, default="")
    content_language = models.CharField(max_length=3, blank=True, default="")
    account = models.CharField(max_length=200, blank=True, default="")
    published_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True, default="")

    state = models.CharField(max_length=16, choices=ItemState, default=ItemState.OPEN, db_default="open")
    outcome = models.CharField(max_length=32, choices=Outcome, blank=True, default="", db_default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    filed_at = models.DateTimeField()

    objects = ItemManager()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="item_reference_is_unique"),
            models.UniqueConstraint(fields=["id", "sender", "recipient"], name="item_is_between_two"),
            models.UniqueConstraint(
                fields=["sender", "external_id"],
                name="item_external_id_once_per_sender",
                condition=~Q(external_id=""),
            ),
            models.CheckConstraint(
                name="item_state_is_known", condition=Q(state__in=[str(s.value) for s in ItemState])
            ),
            models.CheckConstraint(
                name="item_decided_has_an_outcome",
                condition=~Q(state="decided") | (~Q(outcome="") & Q(decided_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["referral", "id"], name="item_of_referral"),
            models.Index(
                fields=["recipient", "due_at", "id"],
                name="item_worklist",
                condition=Q(disclosed=True, state="open"),
            ),
            models.Index(fields=["recipient", "-filed_at", "-id"], name="item_inbox", condition=Q(disclosed=True)),
            models.Index(fields=["sender", "-filed_at", "-id"], name="item_outbox"),
            models.Index(fields=["sender", "url_hash"], name="item_open_address", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return self.reference

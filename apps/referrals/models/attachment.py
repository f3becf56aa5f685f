import uuid

from django.db import models
from django.db.models import Q

from apps.organisations.models import Organisation
from apps.referrals.models.referral import Referral
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class Attachment(models.Model):
    """A file that went with a question or its answer. Kept as it came; both sides see it, and nobody else.

    In the database, so that every host has it and one backup holds all; files are few and small.
    """

    tenancy = Tenancy.ENVELOPE
    append_only = True

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
        related_name="attachments",
        db_index=False,
        db_constraint=False,  # (referral_id, sender_id, recipient_id): composite, in the migration
    )
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    verb = models.CharField(max_length=40, help_text="The event it belongs to, with `at`.")
    at = models.DateTimeField()
    organisation_id = models.BigIntegerField(help_text="The side that added it.")
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.BinaryField(max_length=32)
    content = models.BinaryField()

    objects = TenantManager["Attachment"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [models.CheckConstraint(name="attachment_is_not_empty", condition=Q(size__gt=0))]
        indexes = [models.Index(fields=["referral", "id"], name="attachment_of_referral")]

    def __str__(self) -> str:
        return self.name

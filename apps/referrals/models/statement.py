from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import Organisation
from apps.referrals.models.decision import Decision
from apps.referrals.models.item import Item
from apps.referrals.models.statement_file import StatementFile
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class Origin(models.TextChoices):
    PORTAL = "portal", _("Made by the portal from an answer")
    PLATFORM = "platform", _("Written and loaded by the platform itself")


class Statement(models.Model):
    """A platform's statement of reasons (DSA Art 17) as the Transparency Database's API has it. Its own alone.

    The portal makes one of every decision that restricts something; a platform may load those that it has written
    itself. `content` never changes: a correction is another decision, with another statement and another `puid`.
    """

    tenancy = Tenancy.PRIVATE

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    puid = models.CharField(max_length=500)
    origin = models.CharField(max_length=16, choices=Origin)
    schema_version = models.CharField(max_length=8)
    content = models.JSONField()
    created_at = models.DateTimeField()
    sender_id = models.BigIntegerField(null=True, blank=True, help_text="Of the item: part of the key to it.")
    item = models.ForeignKey(
        Item,
        on_delete=models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,  # (item_id, sender_id, organisation_id): composite, in the migration
    )
    decision = models.OneToOneField(
        Decision,
        on_delete=models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,  # a plain key would tell which decisions of others exist
    )

    file = models.ForeignKey(
        StatementFile, on_delete=models.PROTECT, related_name="statements", null=True, blank=True, db_index=False
    )

    objects = TenantManager["Statement"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["organisation", "puid"], name="statement_puid_once_per_platform"),
            models.CheckConstraint(
                name="statement_of_a_decision_on_an_item",
                condition=Q(decision__isnull=True, item__isnull=True, sender_id__isnull=True)
                | Q(decision__isnull=False, item__isnull=False, sender_id__isnull=False),
            ),
            models.CheckConstraint(
                name="statement_of_the_portal_has_a_decision",
                condition=Q(origin="platform") | Q(decision__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "created_at", "id"], name="statement_oldest_first"),
            models.Index(fields=["item"], name="statement_of_item", condition=Q(item__isnull=False)),
            models.Index(fields=["file", "id"], name="statement_of_file", condition=Q(file__isnull=False)),
            models.Index(
                fields=["organisation", "id"],
                name="statement_in_no_file",
                condition=Q(file__isnull=True, origin="portal"),
            ),
        ]

    def __str__(self) -> str:
        return self.puid

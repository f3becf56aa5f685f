from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.organisations.models import Organisation
from apps.referrals.models.item import Item
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class Tracking(models.Model):
    """How a platform works on one item: whose it is, until when it is put off, its number in their own system.

    The platform's private business: neither the sender nor any sweep ever reads it. `sender` stands here for the
    composite key alone, so that a row can only hang on an item that was really sent to this organisation.
    """

    tenancy = Tenancy.PRIVATE
    system_may = False

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    sender = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    item = models.ForeignKey(
        Item,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (item_id, sender_id, organisation_id): composite, in the migration
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    assigned_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    number = models.CharField(max_length=100, blank=True, default="")
    is_done = models.BooleanField(default=False, help_text="Answered: no longer on anybody's desk.")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = TenantManager["Tracking"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["organisation", "item"], name="tracking_once_per_item"),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "assignee"],
                name="tracking_on_a_desk",
                condition=Q(assignee__isnull=False, is_done=False),
            ),
            models.Index(
                fields=["organisation", "snoozed_until"],
                name="tracking_put_off",
                condition=Q(snoozed_until__isnull=False),
            ),
            models.Index(fields=["organisation", "number"], name="tracking_by_number", condition=~Q(number="")),
        ]

    def __str__(self) -> str:
        return f"item {self.item_id}"

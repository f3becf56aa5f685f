from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import Organisation
from apps.referrals.models import Item
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager
from apps.verification.findings import Finding


class Source(models.TextChoices):
    PERSON = "person", _("A person looked")
    CHECKER = "checker", _("The checker looked")


class Check(models.Model):
    """One look at one item: what was found and on which evidence, never what was seen. Append-only.

    The sender's own, unless somebody who looked chose to tell the platform (`disclosed`). What the checker found is
    never disclosed by itself: a review is (`Review.disclosed`), once the sender has taken it up.
    """

    tenancy = Tenancy.ENVELOPE
    append_only = True

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
        related_name="checks",
        db_index=False,
        db_constraint=False,  # (item_id, sender_id, recipient_id): composite, in the migration
    )
    source = models.CharField(max_length=8, choices=Source)
    finding = models.CharField(max_length=24, choices=Finding)
    reason = models.CharField(max_length=24, help_text="What it was found by: a code of `Reason`.")
    note = models.CharField(max_length=1000, blank=True, default="", help_text="Of the person who looked.")
    at = models.DateTimeField()
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    claimed_at = models.DateTimeField(null=True, blank=True, help_text="Of the claim that this look was planned for.")
    after_days = models.PositiveSmallIntegerField(null=True, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    final_host = models.CharField(max_length=253, blank=True, default="")
    hops = models.PositiveSmallIntegerField(default=0)
    compared = models.BooleanField(default=False, help_text="With a made-up address of the same host.")
    checker_version = models.CharField(max_length=16, blank=True, default="")

    objects = TenantManager["Check"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["id", "sender", "recipient"], name="check_is_between_two"),
            models.UniqueConstraint(
                fields=["item", "claimed_at", "after_days"],
                name="check_once_per_planned_look",
                condition=Q(after_days__isnull=False),
            ),
            models.CheckConstraint(
                name="check_was_made_by_a_person_or_the_checker",
                condition=Q(source="person", checked_by__isnull=False, checker_version="", after_days__isnull=True)
                | Q(source="checker", checked_by__isnull=True, disclosed=False, note="") & ~Q(checker_version=""),
            ),
            models.CheckConstraint(
                name="check_finding_is_known", condition=Q(finding__in=[str(f.value) for f in Finding])
            ),
        ]
        indexes = [models.Index(fields=["item", "at", "id"], name="check_of_item")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.finding}"

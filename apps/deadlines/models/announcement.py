from django.db import models
from django.db.models import F, Q

from apps.deadlines.models.chase import Rung
from apps.organisations.models import Organisation
from apps.referrals.models import Obligation
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class Announcement(models.Model):
    """ "We know, by Friday": a platform says when an answer will come. The next rung waits until then, no other does.

    `rung` and `round` are those that were next when it was said.
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
    obligation = models.ForeignKey(
        Obligation,
        on_delete=models.CASCADE,
        related_name="announcements",
        db_index=False,
        db_constraint=False,  # (obligation_id, sender_id, recipient_id): composite, in the migration
    )
    rung = models.CharField(max_length=24, choices=Rung, help_text="The one that waits.")
    round = models.PositiveSmallIntegerField()
    until = models.DateTimeField()
    text = models.CharField(max_length=500, blank=True, default="")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True, help_text="The person; null for whoever answers by a link.")

    objects = TenantManager["Announcement"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="announcement_is_about_the_future", condition=Q(until__gt=F("at"))),
        ]
        indexes = [models.Index(fields=["obligation", "-id"], name="announcement_of_obligation")]

    def __str__(self) -> str:
        return f"{self.rung} of obligation {self.obligation_id} waits until {self.until:%Y-%m-%d %H:%M}"

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import Organisation
from apps.referrals.models import Obligation
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class Rung(models.TextChoices):
    """The rungs of the ladder; when each is taken and who is told: `apps.deadlines.ladder`."""

    BEFORE = "before", _("Reminder before the due time")
    DUE = "due", _("Reminder at the due time")
    LATE = "late", _("Reminder after the due time")
    BACKUP = "backup", _("Reminder to the backup contact")
    PLATFORM_SUPERVISOR = "platform_supervisor", _("Notice to the platform's supervisor")
    SENDER_SUPERVISOR = "sender_supervisor", _("Notice to the sender's supervisor")
    COMMISSION = "commission", _("On the list that the Commission sees")


class Chase(models.Model):
    """One rung of the ladder, taken: once per obligation, rung and round, so nobody is chased twice for the same thing.

    `round` is the obligation's: it counts how often the due time has moved. `planned_at` is when the rung should have
    been taken, `at` when it was. `message` is the key of the message that carried it; empty where a rung writes to
    nobody, and where nobody could be written to.
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
        related_name="chases",
        db_index=False,
        db_constraint=False,  # (obligation_id, sender_id, recipient_id): composite, in the migration
    )
    rung = models.CharField(max_length=24, choices=Rung)
    round = models.PositiveSmallIntegerField(default=0, db_default=0)
    planned_at = models.DateTimeField()
    at = models.DateTimeField()
    message = models.CharField(max_length=40, blank=True, default="", db_default="")

    objects = TenantManager["Chase"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["obligation", "rung", "round"], name="chase_once_per_rung_and_round"),
            models.CheckConstraint(name="chase_is_never_too_early", condition=models.Q(at__gte=models.F("planned_at"))),
        ]
        indexes = [
            models.Index(
                fields=["recipient", "-at"],
                name="chase_that_reached_nobody",
                condition=models.Q(message="") & ~models.Q(rung="commission"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rung} of obligation {self.obligation_id}"

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import Organisation
from apps.referrals.models.policy import Policy, Target
from apps.referrals.models.referral import Referral
from apps.taxonomy.limits import OnQuestion, Unit
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager

RUNNING = Q(met_at__isnull=True, ended_at__isnull=True, paused_since__isnull=True)


class Clock(models.TextChoices):
    """Which clock runs; a referral has at most one of each. `rule` says what it follows."""

    ANSWER_TARGET = "answer_target", _("Target for an answer")
    PLATFORM_TARGET = "platform_target", _("The platform's own promise")
    REMOVAL = "removal", _("Time limit of a removal order")


class Obligation(models.Model):
    """One clock of one referral, started at the proven receipt. While the sender owes information it stands still.

    Everything that is needed to count again stands in the row: its limit, the copy of the calendar, the stops.
    `due_at` contains the stops that have ended; `paused_since` repeats one that goes on. `is_leading` marks the
    strictest clock that runs: it alone is shown in lists and chased. `chase_at` and `escalate_at` say when the next
    rung of the ladder has to be looked at, for the platform and for the sender; whoever moves the clock sets both to
    that moment, `apps.deadlines` to the next.
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
    rule = models.CharField(
        max_length=16, default="", db_default="", help_text="Of the clock table with its version, as C18/1; or empty."
    )
    policy = models.ForeignKey(
        Policy,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        help_text="The sender's, whose ladder is climbed; null: the portal's own.",
    )
    target = models.ForeignKey(
        Target, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    limit_amount = models.PositiveSmallIntegerField(default=24, db_default=24)
    limit_unit = models.CharField(max_length=16, choices=Unit, default=Unit.HOURS, db_default="hours")
    limit_seconds = models.PositiveIntegerField(help_text="From the start to the first due time.")
    on_question = models.CharField(max_length=8, choices=OnQuestion, default=OnQuestion.PAUSE, db_default="pause")
    calendar = models.JSONField(default=dict, db_default={}, help_text="As it was at the start; empty for hours.")

    started_at = models.DateTimeField(help_text="The proven receipt.")
    counted_from = models.DateTimeField(null=True, blank=True, help_text="Set when the clock has begun anew.")
    due_at = models.DateTimeField()
    paused_since = models.DateTimeField(null=True, blank=True)
    paused_seconds = models.PositiveIntegerField(default=0, db_default=0)
    stops = models.JSONField(default=list, db_default=[], help_text="[since, until or null, cause] each.")
    round = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="How often the due time has moved.")
    is_leading = models.BooleanField(default=True, db_default=True)
    met_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Withdrawn: neither met nor missed.")
    chase_at = models.DateTimeField(null=True, blank=True)
    escalate_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager["Obligation"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["referral", "clock"], name="obligation_once_per_clock"),
            models.UniqueConstraint(fields=["id", "sender", "recipient"], name="obligation_is_between_two"),
            models.CheckConstraint(name="obligation_due_after_start", condition=Q(due_at__gt=F("started_at"))),
            models.CheckConstraint(
                name="obligation_only_a_running_clock_is_chased",
                condition=RUNNING | Q(chase_at__isnull=True, escalate_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["chase_at", "id"], name="obligation_to_chase", condition=Q(chase_at__isnull=False)),
            models.Index(
                fields=["escalate_at", "id"], name="obligation_to_escalate", condition=Q(escalate_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock} due {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def is_over(self) -> bool:
        return self.met_at is not None or self.ended_at is not None

    def is_overdue(self, at: datetime) -> bool:
        """`due_at` itself is within; a paused clock is never overdue."""
        return not self.is_over and self.paused_since is None and self.due_at < at

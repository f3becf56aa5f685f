from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.delivery.models import InboundMail
from apps.organisations.models import Organisation
from apps.referrals.models.referral import Referral
from apps.taxonomy.outcomes import Outcome
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class InboundAnswerState(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("Not confirmed")
    CONFIRMED = "confirmed", _("Confirmed")
    DISMISSED = "dismissed", _("Dismissed")


class InboundAnswer(models.Model):
    """A reply by mail, and what a machine made of it. It counts for nothing until the platform confirms it.

    Anybody can write a mail in anybody's name: what confirms it is the link sent to the contact, or an account.
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
        related_name="inbound_answers",
        db_index=False,
        db_constraint=False,  # (referral_id, sender_id, recipient_id): composite, in the migration
    )
    mail = models.OneToOneField(InboundMail, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    address = models.EmailField(help_text="As the mail says; proves nothing.")
    received_at = models.DateTimeField()
    text = models.TextField(blank=True, default="", db_default="")
    files = models.JSONField(default=list, db_default=[])

    outcome = models.CharField(max_length=32, choices=Outcome, blank=True, default="", db_default="")
    refusal_reason = models.CharField(max_length=40, blank=True, default="", db_default="")
    ground = models.CharField(max_length=40, blank=True, default="", db_default="")
    legal_ground = models.CharField(max_length=500, blank=True, default="", db_default="")
    items = ArrayField(
        models.CharField(max_length=24), default=list, db_default=[], help_text="Which it names; empty: all."
    )

    state = models.CharField(
        max_length=16, choices=InboundAnswerState, default=InboundAnswerState.UNCONFIRMED, db_default="unconfirmed"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_as = models.CharField(max_length=254, blank=True, default="", db_default="")

    objects = TenantManager["InboundAnswer"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="inbound_answer_settled_by_somebody",
                condition=Q(state="unconfirmed", settled_at__isnull=True)
                | (~Q(state="unconfirmed") & Q(settled_at__isnull=False) & ~Q(settled_as="")),
            ),
        ]
        indexes = [models.Index(fields=["referral", "-id"], name="inbound_answer_of_referral")]

    def __str__(self) -> str:
        return f"{self.outcome or 'nothing'} read in a mail of {self.received_at:%Y-%m-%d %H:%M}"

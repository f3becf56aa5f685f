from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import Organisation
from apps.referrals.models.item import Item
from apps.referrals.models.referral import Referral
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class Verb(models.TextChoices):
    REFERRAL_FILED = "referral.filed", _("Filed")
    REFERRAL_SUBMITTED = "referral.submitted", _("Submitted for approval")
    REFERRAL_APPROVED = "referral.approved", _("Approved")
    REFERRAL_RETURNED = "referral.returned", _("Returned to the author")
    REFERRAL_SENT = "referral.sent", _("Sent")
    REFERRAL_RECEIVED = "referral.received", _("Received")
    REFERRAL_ACKNOWLEDGED = "referral.acknowledged", _("Acknowledged")
    INFORMATION_REQUESTED = "referral.information_requested", _("Information requested")
    INFORMATION_PROVIDED = "referral.information_provided", _("Information provided")
    REFERRAL_CHASED = "referral.chased", _("Reminder sent")
    ANSWER_ANNOUNCED = "referral.answer_announced", _("Answer announced")
    REPLY_RECEIVED = "referral.reply_received", _("Reply received by mail, not confirmed")
    REFERRAL_ANSWERED = "referral.answered", _("Answered in full")
    REFERRAL_CLOSED = "referral.closed", _("Closed")
    REFERRAL_WITHDRAWN = "referral.withdrawn", _("Withdrawn")
    ITEM_FILED = "item.filed", _("Address filed")
    ITEM_DECIDED = "item.decided", _("Decided")
    ITEM_CORRECTED = "item.corrected", _("Decision corrected")


class Event(models.Model):
    """What happened to a referral or one of its items: the timeline, and the source of figures. Append-only.

    `disclosed` says whether the recipient may read it: what happened inside the sender's house stays there.
    """

    tenancy = Tenancy.ENVELOPE
    append_only = True

    sender = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    recipient = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    disclosed = models.BooleanField()
    referral = models.ForeignKey(
        Referral,
        on_delete=models.CASCADE,
        related_name="events",
        db_index=False,
        db_constraint=False,  # (referral_id, sender_id, recipient_id): composite, in the migration
    )
    item = models.ForeignKey(
        Item,
        on_delete=models.CASCADE,
        related_name="events",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,  # (item_id, sender_id, recipient_id): composite, in the migration
    )
    verb = models.CharField(max_length=40, choices=Verb)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True, help_text="The person; null for the system.")
    actor_label = models.CharField(max_length=254, help_text="Shown to the actor's own organisation alone.")
    organisation_id = models.BigIntegerField(null=True, help_text="The side that acted; null for the system.")
    text = models.TextField(blank=True, default="", db_default="")
    data = models.JSONField(default=dict, db_default={})

    objects = TenantManager["Event"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        indexes = [models.Index(fields=["referral", "id"], name="event_of_referral")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import Organisation
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class Channel(models.TextChoices):
    """`PUSH` is a message that no worker has routed yet: see `Route`."""

    PORTAL = "portal", _("Portal inbox")
    PUSH = "push", _("Not routed yet")
    API = "api", _("API: the platform fetches it")
    WEBHOOK = "webhook", _("Webhook")
    EMAIL = "email", _("E-mail")
    EMAIL_LINK = "email_link", _("E-mail with an answer link")
    EXTERNAL_FORM = "external_form", _("The platform's own form")


class Message(models.TextChoices):
    """What is being told. Each has `templates/email/<value>.txt` and `.html`."""

    REFERRAL_SENT = "referral_sent", _("A referral")
    REFERRAL_WITHDRAWN = "referral_withdrawn", _("A withdrawal")
    REFERRAL_OVERDUE = "referral_overdue", _("A reminder of one referral")  # written no more; old ones are kept
    REMINDER_SENT = "reminder_sent", _("A reminder")
    INFORMATION_REQUESTED = "information_requested", _("A question to the sender")
    INFORMATION_PROVIDED = "information_provided", _("The sender's reply")
    REFERRAL_ANSWERED = "referral_answered", _("An answer")
    REPLY_READ = "reply_read", _("What was read in a reply by mail")


class Audience(models.TextChoices):
    """Whom in an organisation a message is for. All but `CONTACT` are written to by mail, past the usual channels."""

    CONTACT = "contact", _("Whoever receives its messages")
    BACKUP = "backup", _("Backup contact")
    EVERYONE = "everyone", _("Every contact point")
    SUPERVISOR = "supervisor", _("Supervisor")


class DeliveryState(models.TextChoices):
    """Of a message, or of one attempt at it. `SENT` left us; from `DELIVERED` on there is proof of receipt.

    A message that failed on one channel is queued for the next; where none is left it is `DEAD`, and waits for a
    person. An attempt keeps its `BOUNCED` or `FAILED`.
    """

    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    READ = "read", _("Read")
    DEFERRED = "deferred", _("Will be tried again")
    BOUNCED = "bounced", _("Bounced")
    FAILED = "failed", _("Failed")
    DEAD = "dead", _("Given up")


PENDING = ("queued", "sending", "deferred")


class Delivery(models.Model):
    """One message to one channel of one organisation: the outbox, and the proof of what became of it.

    `sender` speaks, `recipient` is spoken to, whichever of them is the platform. `about` is the reference the message
    is about; this app never looks it up. A reminder of several referrals is about none of them: it has a number of its
    own, and goes from the portal, that is from the recipient to itself, so that no sender sees another's references.
    `key` makes writing it twice impossible.
    """

    tenancy = Tenancy.ENVELOPE

    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    disclosed = models.BooleanField(db_default=True, default=True)
    key = models.CharField(max_length=120)
    public_id = models.UUIDField(default=uuid4, db_default=RandomUUID(), unique=True, editable=False)
    channel = models.CharField(max_length=16, choices=Channel)
    message = models.CharField(max_length=32, choices=Message)
    about = models.CharField(max_length=24)
    audience = models.CharField(max_length=16, choices=Audience, default=Audience.CONTACT, db_default="contact")
    facts = models.JSONField(default=dict, help_text="What the message says: references, counts, times; no content.")
    urgent = models.BooleanField(default=False)

    state = models.CharField(max_length=16, choices=DeliveryState, default=DeliveryState.QUEUED, db_default="queued")
    route = ArrayField(
        models.CharField(max_length=16), default=list, db_default=[], help_text="The channels to try, in order."
    )
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="On this channel.")
    tries = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="On all channels.")
    next_at = models.DateTimeField(help_text="Not before; after a failure, when to try again.")
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    proof = models.JSONField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True, default="", db_default="")

    objects = TenantManager["Delivery"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["key"], name="delivery_key_is_unique"),
            models.CheckConstraint(
                name="delivery_state_is_known", condition=Q(state__in=[str(s.value) for s in DeliveryState])
            ),
            models.CheckConstraint(
                name="delivery_receipt_has_proof",
                condition=Q(received_at__isnull=True) | Q(proof__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-urgent", "next_at", "id"],
                name="delivery_pending",
                condition=Q(state__in=PENDING),
            ),
            models.Index(fields=["sender", "about"], name="delivery_by_sender"),
            models.Index(fields=["recipient", "about"], name="delivery_by_recipient"),
            models.Index(fields=["sender", "-created_at", "-id"], name="delivery_newest_of_sender"),
            models.Index(fields=["recipient", "-created_at", "-id"], name="delivery_newest_of_recipient"),
            models.Index(fields=["sender", "-id"], name="delivery_dead_of_sender", condition=Q(state="dead")),
            models.Index(fields=["recipient", "-id"], name="delivery_dead_of_recipient", condition=Q(state="dead")),
            models.Index(
                fields=["about"],
                name="delivery_received_referral",
                condition=Q(message="referral_sent", received_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message} about {self.about} by {self.channel}"

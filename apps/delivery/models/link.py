from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.delivery.models.delivery import Delivery
from apps.organisations.models import Organisation
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class LinkEnd(models.TextChoices):
    """What ended a link."""

    ANSWERED = "answered", _("Answered")
    ASKED = "asked", _("A question was asked")
    REVOKED = "revoked", _("Taken back")
    GUESSED = "guessed", _("Too many wrong codes")


class Link(models.Model):
    """One way to act on one reference without an account, sent to one address. It acts once, and only when posted.

    Only the digest of its secret is kept. The secret follows from `salt` and the portal's mail key, so that a message
    that is sent again carries the same link (`apps.delivery.mail.seals`). A reminder of several referrals carries one
    for each: `sender` and `about` are the referral's.
    """

    tenancy = Tenancy.ENVELOPE

    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    disclosed = models.BooleanField(default=True, db_default=True)
    delivery = models.ForeignKey(
        Delivery, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    about = models.CharField(max_length=24)
    address = models.EmailField(help_text="Where it was sent: whoever holds it acts in this name.")
    salt = models.BinaryField(max_length=16)
    digest = models.BinaryField(max_length=32)
    needs_passcode = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    opened_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="Codes tried since `tries_since`.")
    tries_since = models.DateTimeField(null=True, blank=True)
    wrong_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=16, choices=LinkEnd, blank=True, default="", db_default="")

    objects = TenantManager["Link"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="link_digest_is_unique"),
            models.UniqueConstraint(
                fields=["delivery", "address", "about"], name="link_once_per_delivery_address_and_reference"
            ),
            models.CheckConstraint(name="link_expires_after_it_is_made", condition=Q(expires_at__gt=F("created_at"))),
            models.CheckConstraint(
                name="link_end_says_why",
                condition=Q(ended_at__isnull=True, ended_by="") | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
            ),
        ]
        indexes = [
            models.Index(fields=["sender", "about"], name="link_by_sender"),
            models.Index(fields=["recipient", "about"], name="link_by_recipient"),
        ]

    def __str__(self) -> str:
        return f"link about {self.about} for {self.address}"

    def why_unusable(self, at: datetime) -> str:
        """Empty while it can be used: else what ended it, or `expired`."""
        return self.ended_by or ("expired" if self.expires_at <= at else "")

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import ContactPoint
from apps.tenancy.classes import Tenancy


class ContactHealth(models.Model):
    """Whether mail to a contact point arrives. Beside the directory, which only its owner writes; this, the system.

    A success is proof that somebody or some server had it: a receipt, a reply, an opened link, a confirmed probe.
    """

    tenancy = Tenancy.REFERENCE

    contact_point = models.OneToOneField(ContactPoint, on_delete=models.CASCADE, related_name="health")
    sent_count = models.PositiveIntegerField(default=0, db_default=0)
    bounce_count = models.PositiveIntegerField(default=0, db_default=0)
    last_sent_at = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_bounce_at = models.DateTimeField(null=True, blank=True)
    last_problem = models.CharField(max_length=300, blank=True, default="", db_default="")
    last_verified_at = models.DateTimeField(null=True, blank=True, help_text="Somebody there said: this is still us.")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.contact_point_id}: {self.bounce_count} of {self.sent_count} came back"

    @property
    def is_failing(self) -> bool:
        """The last that is known is that mail came back."""
        bounced, arrived = self.last_bounce_at, self.last_success_at
        return bounced is not None and (arrived is None or arrived < bounced)


class ProbeState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    SENT = "sent", _("Sent")
    BOUNCED = "bounced", _("Bounced")
    CONFIRMED = "confirmed", _("Confirmed")


class Probe(models.Model):
    """The monthly question to a contact point whether it is still the right one: once a month, whatever happens."""

    tenancy = Tenancy.REFERENCE

    contact_point = models.ForeignKey(ContactPoint, on_delete=models.CASCADE, related_name="probes")
    month = models.DateField(help_text="Its first day.")
    salt = models.BinaryField(max_length=16)
    digest = models.BinaryField(max_length=32)
    state = models.CharField(max_length=16, choices=ProbeState, default=ProbeState.QUEUED, db_default="queued")
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    next_at = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["contact_point", "month"], name="probe_once_a_month"),
            models.UniqueConstraint(fields=["digest"], name="probe_digest_is_unique"),
            models.CheckConstraint(
                name="probe_state_is_known", condition=Q(state__in=[str(s.value) for s in ProbeState])
            ),
        ]
        indexes = [models.Index(fields=["next_at", "id"], name="probe_pending", condition=Q(state="queued"))]

    def __str__(self) -> str:
        return f"{self.contact_point_id} in {self.month:%Y-%m}"

    def is_open(self, at: datetime) -> bool:
        return self.state in {ProbeState.QUEUED, ProbeState.SENT} and (at.date() - self.month).days < 62

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.delivery.models.delivery import Delivery
from apps.organisations.models import Organisation
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class InboundState(models.TextChoices):
    NEW = "new", _("Not read yet")
    READ = "read", _("Read")
    IGNORED = "ignored", _("Ignored")
    UNMATCHED = "unmatched", _("Belongs to nothing known")
    UNREADABLE = "unreadable", _("Unreadable")


class InboundMail(models.Model):
    """A letter as it came in, stored before anything is made of it, so that nothing is lost.

    Until it is known whose it is, `organisation` is empty and no organisation sees it: `manage.py inbound_mail` lists
    it to the operator. The organisation is the one whose contact wrote it.
    """

    tenancy = Tenancy.PRIVATE

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    received_at = models.DateTimeField()
    digest = models.BinaryField(max_length=32, help_text="Of the letter and its envelope: the same is kept once.")
    envelope_from = models.CharField(max_length=320, blank=True)
    envelope_to = models.JSONField(default=list)
    raw = models.BinaryField()

    state = models.CharField(max_length=16, choices=InboundState, default=InboundState.NEW, db_default="new")
    kind = models.CharField(
        max_length=16, blank=True, default="", db_default="", help_text="report, automatic or reply"
    )
    problem = models.CharField(max_length=100, blank=True, default="", db_default="")
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    read_at = models.DateTimeField(null=True, blank=True)

    delivery = models.ForeignKey(
        Delivery, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_constraint=False
    )
    sender_address = models.CharField(max_length=254, blank=True, default="", db_default="")
    subject = models.CharField(max_length=300, blank=True, default="", db_default="")
    text = models.TextField(blank=True, default="", db_default="")
    enclosed = models.JSONField(default=list, db_default=[], help_text="Files that came with it: name, type, size.")

    objects = TenantManager["InboundMail"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="inbound_mail_is_kept_once"),
            models.CheckConstraint(
                name="inbound_state_is_known", condition=Q(state__in=[str(s.value) for s in InboundState])
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="inbound_unread", condition=Q(state="new")),
            models.Index(fields=["organisation", "-received_at"], name="inbound_newest_first"),
            models.Index(fields=["received_at"], name="inbound_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.received_at:%Y-%m-%d %H:%M} {self.sender_address or self.envelope_from}"

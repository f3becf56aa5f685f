from django.db import models
from django.db.models import Q

from apps.delivery.models.delivery import Channel, Delivery, DeliveryState
from apps.organisations.models import Organisation
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class Attempt(models.Model):
    """One try to deliver one message by one channel, or news of it that came later: what was done, what came back."""

    tenancy = Tenancy.ENVELOPE
    append_only = True

    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    disclosed = models.BooleanField(db_default=True, default=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tried", db_index=False)
    number = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=16, choices=Channel)
    state = models.CharField(max_length=16, choices=DeliveryState)
    code = models.CharField(max_length=16, blank=True, help_text="What the other side answered: an HTTP or SMTP code.")
    detail = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    objects = TenantManager["Attempt"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        indexes = [
            models.Index(fields=["delivery", "id"], name="attempt_of_delivery"),
            models.Index(fields=["recipient", "-id"], name="attempt_by_webhook", condition=Q(channel="webhook")),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.number}: {self.state}"

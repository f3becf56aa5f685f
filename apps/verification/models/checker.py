from django.conf import settings
from django.db import models

from apps.organisations.models import Organisation
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class Checker(models.Model):
    """Whether a sending organisation has its claimed removals looked at. Without a row: no.

    `decisions_seen`: up to which decision looks have been planned. Decisions from before it was switched on are not
    looked at.
    """

    tenancy = Tenancy.PRIVATE

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="+")
    is_on = models.BooleanField(default=False)
    decisions_seen = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = TenantManager["Checker"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()

    def __str__(self) -> str:
        return "on" if self.is_on else "off"

from django.conf import settings
from django.db import models

from apps.organisations.models import Organisation
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class StatementExport(models.Model):
    """A platform's own export between its upload and its use, so that dry run and answers read the same bytes.

    Used, the bytes go and `results` stay: a row for each statement, those left over with what was given.
    """

    tenancy = Tenancy.PRIVATE
    system_may = False

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    used_at = models.DateTimeField(null=True, blank=True)
    results = models.JSONField(default=list)

    objects = TenantManager["StatementExport"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

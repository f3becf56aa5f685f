from django.db import models

from apps.organisations.models import Organisation
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class IdempotencyKey(models.Model):
    """The answer once given to a creating POST, replayed when the same client sends the same again.

    Written in the transaction of the act itself, so either both are there or neither.
    """

    tenancy = Tenancy.PRIVATE
    system_may = False

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    fingerprint = models.BinaryField(max_length=32, help_text="SHA-256 of user, method, path, query and body.")
    status = models.PositiveSmallIntegerField(null=True)
    body = models.BinaryField(null=True)
    created_at = models.DateTimeField()

    objects = TenantManager["IdempotencyKey"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="idempotency_key_once_per_client")]

    def __str__(self) -> str:
        return self.key

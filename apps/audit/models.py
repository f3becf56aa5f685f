from django.db import models
from django.db.models import Q

from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class Operation(models.TextChoices):
    """What was done to data, in the words of Directive (EU) 2016/680 Art 25(1), and three of our own."""

    COLLECT = "collect"
    ALTER = "alter"
    CONSULT = "consult"
    DISCLOSE = "disclose"
    COMBINE = "combine"
    ERASE = "erase"
    AUTHENTICATE = "authenticate"
    DENY = "deny"
    ADMINISTER = "administer"


class AuditEntry(models.Model):
    """One write or read of an organisation's data. No foreign keys: what is recorded outlives what it is about.

    Append-only: the runtime roles hold INSERT and SELECT alone, and a trigger refuses the rest to everybody.
    """

    tenancy = Tenancy.PRIVATE
    append_only = True

    at = models.DateTimeField()
    organisation_id = models.BigIntegerField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=254)
    token_id = models.BigIntegerField(null=True)
    operation = models.CharField(max_length=16, choices=Operation)
    verb = models.CharField(max_length=64)
    target_type = models.CharField(max_length=64)
    target = models.CharField(max_length=64)
    recipient_ids = models.JSONField(default=list)
    justification = models.CharField(max_length=500, blank=True)
    details = models.JSONField(default=dict)
    request_id = models.CharField(max_length=32, blank=True)

    objects = TenantManager["AuditEntry"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="audit_operation_is_known", condition=Q(operation__in=[str(o.value) for o in Operation])
            ),
        ]
        indexes = [
            models.Index(fields=["organisation_id", "-at", "-id"], name="audit_newest_first"),
            models.Index(fields=["organisation_id", "target_type", "target", "-at"], name="audit_about_one_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_label} {self.verb} {self.target}"

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import Organisation
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class EndpointState(models.TextChoices):
    UNVERIFIED = "unverified", _("Not proven yet")
    ACTIVE = "active", _("In service")
    PAUSED = "paused", _("Paused")
    DISABLED = "disabled", _("Out of service")


class EndpointReason(models.TextChoices):
    """Why it is in the state it is in, where nobody of the organisation decided that."""

    NEW = "new", _("Its owner has not answered the challenge yet.")
    CHALLENGE_FAILED = "challenge_failed", _("The challenge was not answered.")
    GONE = "gone", _("It answered 410 Gone: it wants no more messages.")
    FORBIDDEN = "forbidden", _("Its name leads to a machine that is not on the public internet.")
    FAILING = "failing", _("It has taken no message for seven days.")


class Endpoint(models.Model):
    """An address of an organisation that takes messages as Standard Webhooks.

    The circuit breaker lives here, where every worker sees it: after `consecutive_failures` it is left alone until
    `open_until`, then one message tries. `leases` are the messages on their way to it, each until when at the latest.
    """

    tenancy = Tenancy.PRIVATE

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    url = models.CharField(max_length=500)
    description = models.CharField(max_length=100, blank=True)
    messages = ArrayField(models.CharField(max_length=32), default=list, help_text="Of `Message`; empty: all.")
    state = models.CharField(max_length=16, choices=EndpointState, default=EndpointState.UNVERIFIED)
    reason = models.CharField(max_length=24, choices=EndpointReason, blank=True)
    since = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True, help_text="When its administrators were told that it broke.")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)

    consecutive_failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    open_until = models.DateTimeField(null=True, blank=True)
    leases = ArrayField(models.DateTimeField(), default=list)

    objects = TenantManager["Endpoint"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["organisation", "url"], name="endpoint_once_per_organisation_and_address"),
            models.UniqueConstraint(fields=["id", "organisation"], name="endpoint_is_of_its_organisation"),
            models.CheckConstraint(
                name="endpoint_state_is_known", condition=Q(state__in=[str(s.value) for s in EndpointState])
            ),
        ]
        indexes = [
            models.Index(fields=["since"], name="endpoint_broken", condition=Q(state="disabled", told_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.url

    def wants(self, message: str) -> bool:
        return not self.messages or message in self.messages


class EndpointKey(models.Model):
    """One generation of an endpoint's keys: a shared secret (HMAC) and a key pair (Ed25519), sealed at rest.

    At a rotation both generations sign until `retires_at` of the older one.
    """

    tenancy = Tenancy.PRIVATE

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="keys")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sealed = models.BinaryField(help_text="The secret and the private key, encrypted for this row alone.")
    public_key = models.CharField(max_length=64, help_text="whpk_…, as published.")
    created_at = models.DateTimeField()
    retires_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager["EndpointKey"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint"], name="endpoint_has_one_present_key", condition=Q(retires_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.public_key


class KnockKind(models.TextChoices):
    CHALLENGE = "challenge", _("Challenge")
    TEST = "test", _("Test")


class Knock(models.Model):
    """A challenge or a test that somebody asked for. A worker sends it: pages and the API reach no other machine."""

    tenancy = Tenancy.PRIVATE

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="knocks")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=16, choices=KnockKind)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    lease_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    succeeded = models.BooleanField(default=False)
    code = models.CharField(max_length=16, blank=True)
    detail = models.CharField(max_length=300, blank=True)

    objects = TenantManager["Knock"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        indexes = [
            models.Index(fields=["asked_at"], name="knock_pending", condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.asked_at:%Y-%m-%d %H:%M}"

from django.db import models
from django.db.models import F, Q

from apps.accounts.models.people import User
from apps.organisations.models import Organisation
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class PlatformProposal(models.Model):
    """Who put a platform into the directory. The sender's own: the interest in a platform is nobody else's business.

    Only `tenancy.make_platform` in the database writes it, together with the platform.
    """

    tenancy = Tenancy.PRIVATE
    append_only = True

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="platform_proposals")
    platform = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = TenantManager["PlatformProposal"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.platform_id} by {self.organisation_id}"


class Claim(models.Model):
    """An offer to take over one's entry in the directory, sent to a contact of the platform: single use, 7 days.

    It belongs to the platform. Only the digest of its secret is kept. `method` leaves room for other proofs: a DNS
    record, a file under `/.well-known/`.
    """

    class Method(models.TextChoices):
        MAIL = "mail"
        DNS = "dns"
        WELL_KNOWN = "well_known"

    tenancy = Tenancy.PRIVATE

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="claims")
    method = models.CharField(max_length=12, choices=Method, default=Method.MAIL)
    email = models.EmailField()
    digest = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager["Claim"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="claim_expires_after_it_is_made", condition=Q(expires_at__gt=F("created_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} by {self.email}"

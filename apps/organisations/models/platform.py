from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.organisations.models.organisation import Organisation
from apps.tenancy.classes import Tenancy


class ServiceType(models.TextChoices):
    """Provider classes of the DSA; the obligations follow from them (domain.md 2.2)."""

    INTERMEDIARY = "intermediary", _("Mere conduit or caching")
    HOSTING = "hosting", _("Hosting service")
    ONLINE_PLATFORM = "online_platform", _("Online platform")
    MARKETPLACE = "marketplace", _("Online marketplace")
    SEARCH_ENGINE = "search_engine", _("Online search engine")


class SizeClass(models.TextChoices):
    """Recommendation 2003/361/EC; a designated very large service is `vlop`, whatever its staff."""

    MICRO = "micro", _("Micro")
    SMALL = "small", _("Small")
    MEDIUM = "medium", _("Medium")
    LARGE = "large", _("Large")
    VLOP = "vlop", _("Very large (designated)")


class PlatformProfile(models.Model):
    """What a platform is under the DSA."""

    tenancy = Tenancy.REFERENCE

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="platform")
    service_type = models.CharField(max_length=24, choices=ServiceType)
    size_class = models.CharField(max_length=8, choices=SizeClass)
    accepts_as_article_16 = models.BooleanField(
        default=False, help_text="The platform has accepted the portal as part of its Art 16 mechanism."
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="platform_size_is_known", condition=Q(size_class__in=[str(s.value) for s in SizeClass])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.size_class})"


class Domain(models.Model):
    """A host name, or a suffix of host names, whose content a platform answers for. The longest match wins."""

    tenancy = Tenancy.REFERENCE

    host = models.CharField(max_length=253, unique=True, help_text="Lower case, ASCII (punycode), no leading dot.")
    platform = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="domains")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="domain_host_is_lower_case", condition=Q(host=Lower("host"))),
            models.CheckConstraint(name="domain_host_has_no_leading_dot", condition=~Q(host__startswith=".")),
        ]

    def __str__(self) -> str:
        return self.host


class ContactPurpose(models.TextChoices):
    AUTHORITIES = "authorities", _("Contact point for authorities (DSA Art 11)")
    USERS = "users", _("Contact point for users (DSA Art 12)")
    TERRORISM = "terrorism", _("Contact point for removal orders (Reg. (EU) 2021/784 Art 15)")
    CRISIS = "crisis", _("Crisis contact")
    INTELLECTUAL_PROPERTY = "intellectual_property", _("Contact for intellectual property")


class ContactPoint(models.Model):
    """Where an organisation wants its messages. Points of contact are public by law (DSA Art 11(2), 12(2))."""

    tenancy = Tenancy.REFERENCE

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="contact_points")
    purpose = models.CharField(max_length=24, choices=ContactPurpose)
    email = models.EmailField()
    languages = ArrayField(models.CharField(max_length=3), default=list)
    verified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "purpose", "email"], name="contact_point_once_per_purpose_and_address"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} ({self.purpose})"

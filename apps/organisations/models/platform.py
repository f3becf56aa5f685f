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
    """What a platform is under the DSA. Its own administrators keep it up to date; every figure in it is public."""

    tenancy = Tenancy.DIRECTORY

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="platform")
    service_type = models.CharField(max_length=24, choices=ServiceType)
    size_class = models.CharField(max_length=8, choices=SizeClass)
    is_presumed = models.BooleanField(default=False, help_text="Service and size are presumed: nobody has said them.")
    size_since = models.DateField(null=True, blank=True)
    size_lost_on = models.DateField(
        null=True, blank=True, help_text="When it stopped being micro or small; exemptions last 12 months (DSA Art 19)."
    )
    designated_on = models.DateField(null=True, blank=True, help_text="Designation by the Commission (DSA Art 33(4)).")
    recipients_eu = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Average monthly active recipients in the Union (DSA Art 24(2))."
    )
    recipients_counted_on = models.DateField(null=True, blank=True)
    spreads_to_the_public = models.BooleanField(
        default=True, help_text="Makes content available to the public, so that Reg. (EU) 2021/784 applies to hosting."
    )
    representative_name = models.CharField(max_length=200, blank=True, default="")
    representative_address = models.CharField(max_length=300, blank=True, default="")
    representative_email = models.EmailField(blank=True, default="")
    representative_phone = models.CharField(max_length=40, blank=True, default="")
    accepts_as_article_16 = models.BooleanField(
        default=False, help_text="The platform has accepted the portal as part of its Art 16 mechanism."
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="platform_size_is_known", condition=Q(size_class__in=[str(s.value) for s in SizeClass])
            ),
            models.CheckConstraint(
                name="platform_only_medium_and_large_have_lost_their_size",
                condition=Q(size_lost_on=None) | Q(size_class__in=["medium", "large"]),
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
    BACKUP = "backup", _("Backup contact, for what the first one leaves unanswered")
    SUPERVISOR = "supervisor", _("Supervisor, for what stays unanswered")


# Not in the directory: who is told when an organisation's own people do not answer is its own business.
INTERNAL_PURPOSES = frozenset({ContactPurpose.BACKUP, ContactPurpose.SUPERVISOR})


class ContactPoint(models.Model):
    """Where an organisation wants its messages. Points of contact are public by law (DSA Art 11(2), 12(2))."""

    tenancy = Tenancy.DIRECTORY

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="contact_points")
    purpose = models.CharField(max_length=24, choices=ContactPurpose)
    email = models.EmailField()
    phone = models.CharField(max_length=40, blank=True, default="")
    hours = models.CharField(max_length=120, blank=True, default="", help_text="E.g. Monday to Friday, 09:00 to 17:00.")
    time_zone = models.CharField(max_length=64, blank=True, default="", help_text="Empty: the organisation's.")
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


class PolicyKind(models.TextChoices):
    TERMS = "terms", _("Terms and conditions (DSA Art 14)")
    GUIDELINES = "guidelines", _("Content guidelines")
    NOTICE_FORM = "notice_form", _("Notice form (DSA Art 16)")
    COMPLAINTS = "complaints", _("Complaints (DSA Art 20)")
    TRANSPARENCY = "transparency", _("Transparency report (DSA Art 15)")


class PolicyLink(models.Model):
    """Where a platform publishes a policy, from a moment on. The newest of a kind counts; empty: published no more."""

    tenancy = Tenancy.DIRECTORY
    append_only = True

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="policies")
    kind = models.CharField(max_length=16, choices=PolicyKind)
    url = models.URLField(max_length=500, blank=True, default="")
    note = models.CharField(max_length=200, blank=True, default="", help_text="What has changed.")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["organisation", "kind", "-at", "-id"], name="policy_newest_first")]
        constraints = [
            models.CheckConstraint(
                name="policy_kind_is_known", condition=Q(kind__in=[str(k.value) for k in PolicyKind])
            ),
            models.CheckConstraint(name="policy_url_is_secure", condition=Q(url="") | Q(url__startswith="https://")),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.url or 'withdrawn'}"

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.organisations.permissions import Permission
from apps.tenancy.classes import Tenancy


class Kind(models.TextChoices):
    REFERRAL_UNIT = "referral_unit", _("Internet referral unit")
    TRUSTED_FLAGGER = "trusted_flagger", _("Trusted flagger")
    AUTHORITY = "authority", _("Competent authority")
    PLATFORM = "platform", _("Platform")
    COMMISSION = "commission", _("European Commission")
    AUDITOR = "auditor", _("Auditor")


SENDERS = frozenset({Kind.REFERRAL_UNIT, Kind.TRUSTED_FLAGGER, Kind.AUTHORITY})


class Capability(models.TextChoices):
    """What an organisation may issue at all; a role decides who in it does. Gated when a case is filed."""

    REFER = "refer", _("May refer content for voluntary consideration")
    NOTIFY = "notify", _("May submit notices (DSA Art 16)")
    FLAG = "flag", _("Holds trusted-flagger status (DSA Art 22)")
    ORDER_REMOVAL = "order_removal", _("May issue removal orders (Reg. (EU) 2021/784 Art 3)")
    ORDER_ACTION = "order_action", _("May issue orders to act (DSA Art 9)")
    ORDER_INFORMATION = "order_information", _("May issue orders to provide information (DSA Art 10)")
    HANDLE_CSAM = "handle_csam", _("Mandated for child sexual abuse material")


class Standing(models.TextChoices):
    """How far the entry of a platform in the directory can be relied on."""

    LISTED = "listed", _("Listed by the operator")
    PROSPECTIVE = "prospective", _("Added by a sender")
    CLAIMED = "claimed", _("Confirmed by the platform")
    VERIFIED = "verified", _("Domain proven")


class Organisation(models.Model):
    """A tenant. Everybody may read the directory; only the owner role writes it."""

    tenancy = Tenancy.REFERENCE

    slug = models.SlugField(unique=True, max_length=64)
    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=24, choices=Kind)
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2; Greece is GR.")
    time_zone = models.CharField(max_length=64, default="Europe/Brussels")
    languages = ArrayField(models.CharField(max_length=3), default=list)
    capabilities = ArrayField(models.CharField(max_length=24, choices=Capability), default=list)
    second_person = models.BooleanField(default=True, help_text="Somebody else must approve before anything is sent.")
    standing = models.CharField(max_length=12, choices=Standing, default=Standing.LISTED)
    sandbox_of = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        related_name="sandboxes",
        null=True,
        blank=True,
        help_text="Made up for the practice of this platform: never counted, never mixed with real organisations.",
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        permissions = [(p.value, p.label) for p in Permission]
        constraints = [
            models.CheckConstraint(
                name="organisation_kind_is_known", condition=Q(kind__in=[str(k.value) for k in Kind])
            ),
            models.CheckConstraint(
                name="organisation_capabilities_are_known",
                condition=Q(capabilities__contained_by=[str(c.value) for c in Capability]),
            ),
            models.CheckConstraint(
                name="organisation_standing_is_known", condition=Q(standing__in=[str(s.value) for s in Standing])
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_sandbox(self) -> bool:
        return self.sandbox_of_id is not None

    @property
    def sends(self) -> bool:
        return self.kind in SENDERS

    @property
    def receives(self) -> bool:
        return self.kind == Kind.PLATFORM

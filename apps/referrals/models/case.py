from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.organisations.models import Organisation
from apps.referrals.querysets import CaseManager
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class Case(models.Model):
    """The sender's own working file: one filing of many addresses. No platform and no sweep ever reads it."""

    tenancy = Tenancy.PRIVATE
    system_may = False

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    reference = models.CharField(max_length=24)
    external_id = models.CharField(max_length=100, blank=True, default="")
    title = models.CharField(max_length=200)
    note = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=16, default="web", help_text="web, upload or api")
    row_count = models.PositiveIntegerField(default=0)

    objects = CaseManager()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="case_reference_is_unique"),
            models.UniqueConstraint(
                fields=["organisation", "external_id"],
                name="case_external_id_once_per_sender",
                condition=~Q(external_id=""),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-created_at", "-id"], name="case_newest_first")]

    def __str__(self) -> str:
        return self.reference


class Leftover(models.Model):
    """A row of a filing that did not become an item: kept as it came, to be downloaded, mended and sent again."""

    tenancy = Tenancy.PRIVATE
    system_may = False

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="leftovers", db_index=False)
    row = models.PositiveIntegerField(help_text="From 0, as the filing counted them.")
    result = models.CharField(max_length=16, help_text="duplicate, held, unrouted or invalid")
    code = models.CharField(max_length=40, blank=True, default="")
    detail = models.CharField(max_length=500, blank=True, default="")
    given = models.JSONField(help_text="The row as it was sent.")

    objects = TenantManager["Leftover"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["case", "row"], name="leftover_once_per_row")]

    def __str__(self) -> str:
        return f"row {self.row}: {self.result}"


class Upload(models.Model):
    """A file between its upload and its filing, so that mapping, dry run and filing all read the same bytes."""

    tenancy = Tenancy.PRIVATE
    system_may = False

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    mapping = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    filed_as = models.CharField(max_length=24, blank=True, default="", help_text="Reference of the case made of it.")

    objects = TenantManager["Upload"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import Organisation
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class StatementPlan(models.Model):
    """Whether a platform wants its statements as nightly files. `filed_on`: the last of its own days that was done."""

    tenancy = Tenancy.PRIVATE

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="+")
    nightly = models.BooleanField(default=False)
    filed_on = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = TenantManager["StatementPlan"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()

    def __str__(self) -> str:
        return str(_("nightly") if self.nightly else _("no files"))


class StatementFile(models.Model):
    """Up to a hundred of a platform's statements, for one call of the Transparency Database's API.

    A statement is in one file at most (`Statement.file`) and never changes, so a file is the same whenever it is read.
    """

    tenancy = Tenancy.PRIVATE

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.UUIDField(unique=True)
    number = models.PositiveIntegerField(help_text="From 1, by platform.")
    made_at = models.DateTimeField()
    made_on = models.DateField(help_text="The day in the platform's time zone.")
    count = models.PositiveIntegerField()

    objects = TenantManager["StatementFile"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="statement_file_number_once_per_platform"),
            models.CheckConstraint(
                name="statement_file_fits_one_call", condition=models.Q(count__gte=1, count__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_on:%Y-%m-%d} {self.number}"

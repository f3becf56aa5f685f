"""What a platform prepares its answers with; its own, and nobody else's business."""

from django.conf import settings
from django.db import models

from apps.organisations.models import Organisation
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class AnswerTemplate(models.Model):
    """A named answer to begin with. `facts`: the fields of the form as they were filled in."""

    tenancy = Tenancy.PRIVATE
    system_may = False

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=100)
    facts = models.JSONField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = TenantManager["AnswerTemplate"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="answer_template_once_per_name")]

    def __str__(self) -> str:
        return self.name


class AnswerSheet(models.Model):
    """A file of answers between its upload and its confirmation, so that dry run and recording read the same bytes.

    `results`: one `[result, code, detail]` for each row, once the answers were recorded.
    """

    tenancy = Tenancy.PRIVATE
    system_may = False

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    mapping = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    results = models.JSONField(default=list)

    objects = TenantManager["AnswerSheet"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

"""Guardian's grants behind real foreign keys, so that none can outlive its organisation."""

from django.contrib.auth.models import Permission
from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from apps.organisations.models import Organisation
from apps.tenancy.classes import Tenancy


class OrganisationGroupGrant(GroupObjectPermissionBase):
    tenancy = Tenancy.REFERENCE

    content_object = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="group_grants")


class OrganisationUserGrant(UserObjectPermissionBase):
    """Not used by any role; guardian asks for it beside the group table."""

    tenancy = Tenancy.REFERENCE

    content_object = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="user_grants")


class RolePermission(models.Model):
    """The roles in code as rows, so that the database itself can open the roles of a platform that is made in use."""

    tenancy = Tenancy.REFERENCE

    kind = models.CharField(max_length=24)
    role = models.CharField(max_length=24)
    permission = models.ForeignKey(Permission, on_delete=models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["kind", "role", "permission"], name="role_permission_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.role}: {self.permission_id}"

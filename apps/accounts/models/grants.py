"""Guardian's grants behind real foreign keys, so that none can outlive its organisation."""

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

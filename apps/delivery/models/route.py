from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from apps.delivery.models.delivery import Channel
from apps.organisations.models import Organisation
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager

ROUTABLE = (Channel.WEBHOOK, Channel.API, Channel.EMAIL, Channel.EMAIL_LINK, Channel.EXTERNAL_FORM)


class Route(models.Model):
    """The order in which an organisation wants to be reached; who has none is reached in the usual one."""

    tenancy = Tenancy.PRIVATE

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="+")
    channels = ArrayField(models.CharField(max_length=16, choices=[(c.value, c.label) for c in ROUTABLE]))
    changed_at = models.DateTimeField()

    objects = TenantManager["Route"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="route_names_known_channels",
                condition=Q(channels__contained_by=[str(c.value) for c in ROUTABLE]) & ~Q(channels=[]),
            ),
        ]

    def __str__(self) -> str:
        return " > ".join(self.channels)

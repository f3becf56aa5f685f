from typing import Any

from rest_framework import serializers

from apps.accounts.principal import Principal
from apps.organisations.models import Capability, Kind
from apps.organisations.permissions import Permission


class PersonOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    email = serializers.EmailField()


class OrganisationOut(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(Kind.choices)
    country = serializers.CharField(help_text="ISO 3166-1 alpha-2")
    time_zone = serializers.CharField()
    capabilities = serializers.ListField(child=serializers.ChoiceField(Capability.choices))
    second_person = serializers.BooleanField(help_text="Somebody else approves before anything is sent.")


class MeOut(serializers.Serializer[Any]):
    user = PersonOut()
    organisation = OrganisationOut()
    role = serializers.CharField()
    permissions = serializers.ListField(child=serializers.ChoiceField(Permission.choices))


def write_me(principal: Principal) -> dict[str, Any]:
    organisation = principal.organisation
    return {
        "user": {"name": principal.label, "email": principal.email},
        "organisation": {
            "slug": organisation.slug,
            "name": organisation.name,
            "kind": organisation.kind,
            "country": organisation.country,
            "time_zone": organisation.time_zone,
            "capabilities": sorted(organisation.capabilities),
            "second_person": organisation.second_person,
        },
        "role": principal.role,
        "permissions": sorted(principal.permissions),
    }

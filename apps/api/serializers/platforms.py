from typing import Any

from rest_framework import serializers

from apps.api.serializers.filing import RESULTS
from apps.organisations.models import ContactPurpose, Organisation
from apps.organisations.models.platform import ServiceType, SizeClass
from apps.referrals.services import Filed


class ContactOut(serializers.Serializer[Any]):
    purpose = serializers.ChoiceField(ContactPurpose.choices)
    email = serializers.EmailField()
    languages = serializers.ListField(child=serializers.CharField())


class PlatformRow(serializers.Serializer[Any]):
    """A platform in the directory. Points of contact are public by law (DSA Art 11(2), 12(2))."""

    slug = serializers.CharField()
    name = serializers.CharField()
    country = serializers.CharField(help_text="ISO 3166-1 alpha-2")
    languages = serializers.ListField(child=serializers.CharField())
    service_type = serializers.ChoiceField(ServiceType.choices, allow_null=True)
    size_class = serializers.ChoiceField(SizeClass.choices, allow_null=True)
    domains = serializers.ListField(child=serializers.CharField())
    contact_points = ContactOut(many=True)


class Resolved(serializers.Serializer[Any]):
    """Where an address would go, and what is already known of it."""

    url = serializers.CharField()
    result = serializers.ChoiceField(RESULTS)
    platform = serializers.CharField(allow_null=True, help_text="Its slug.")
    platform_name = serializers.CharField(allow_null=True)
    item = serializers.CharField(allow_null=True, help_text="For a duplicate, the one that is known already.")
    code = serializers.CharField(allow_null=True)
    detail = serializers.CharField(allow_null=True)


def write_platform(row: Organisation) -> dict[str, Any]:
    """An organisation with its profile, domains and contact points loaded."""
    profile = getattr(row, "platform", None)
    return {
        "slug": row.slug,
        "name": row.name,
        "country": row.country,
        "languages": row.languages,
        "service_type": profile.service_type if profile else None,
        "size_class": profile.size_class if profile else None,
        "domains": sorted(domain.host for domain in row.domains.all()),
        "contact_points": [
            {"purpose": contact.purpose, "email": contact.email, "languages": contact.languages}
            for contact in sorted(row.contact_points.all(), key=lambda one: one.pk)
        ],
    }


def write_resolved(url: str, looked_at: Filed) -> dict[str, Any]:
    (row,) = looked_at.rows
    names = {referral.platform_slug: referral.platform_name for referral in looked_at.referrals}
    return {
        "url": url,
        "result": row.result,
        "platform": row.platform or None,
        "platform_name": names.get(row.platform),
        "item": row.item or None,
        "code": row.code or None,
        "detail": row.detail or None,
    }

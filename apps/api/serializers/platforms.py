from datetime import date
from typing import Any

from rest_framework import serializers

from apps.api.serializers.filing import RESULTS
from apps.organisations.models import (
    INTERNAL_PURPOSES,
    ContactPurpose,
    Organisation,
    PlatformProfile,
    PolicyKind,
    ServiceType,
    SizeClass,
    Standing,
)
from apps.organisations.obligations import Duty, Obligation
from apps.organisations.selectors import duties_of
from apps.referrals.services import Filed


class ContactOut(serializers.Serializer[Any]):
    purpose = serializers.ChoiceField(ContactPurpose.choices)
    email = serializers.EmailField()
    phone = serializers.CharField(allow_blank=True)
    hours = serializers.CharField(allow_blank=True)
    time_zone = serializers.CharField(help_text="Of the hours.")
    languages = serializers.ListField(child=serializers.CharField())


class PolicyOut(serializers.Serializer[Any]):
    """Where a policy is published; `at` is when the platform said so."""

    kind = serializers.ChoiceField(PolicyKind.choices)
    url = serializers.CharField(allow_null=True, help_text="`null`: published no more.")
    note = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()


class RepresentativeOut(serializers.Serializer[Any]):
    """The legal representative in the Union (DSA Art 13(4))."""

    name = serializers.CharField()
    address = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)


class ObligationOut(serializers.Serializer[Any]):
    """One duty of the provider's class. `exempt_for_now`: until `until` (DSA Art 19(1))."""

    key = serializers.CharField()
    law = serializers.CharField()
    articles = serializers.CharField()
    title = serializers.CharField()
    explanation = serializers.CharField()
    duty = serializers.ChoiceField([(one.value, one.value) for one in Duty])
    until = serializers.DateField(allow_null=True)


class PlatformRow(serializers.Serializer[Any]):
    """A platform in the directory. Points of contact are public by law (DSA Art 11(2), 12(2))."""

    slug = serializers.CharField()
    name = serializers.CharField()
    standing = serializers.ChoiceField(Standing.choices, help_text="How far the entry can be relied on.")
    country = serializers.CharField(help_text="ISO 3166-1 alpha-2")
    time_zone = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    service_type = serializers.ChoiceField(ServiceType.choices, allow_null=True)
    size_class = serializers.ChoiceField(SizeClass.choices, allow_null=True)
    domains = serializers.ListField(child=serializers.CharField())
    contact_points = ContactOut(many=True)


class PlatformDetail(PlatformRow):
    """A platform's public entry: what it is, how it is reached, what it publishes and what it owes by law."""

    is_presumed = serializers.BooleanField(help_text="Service and size are presumed: the platform has not said them.")
    size_since = serializers.DateField(allow_null=True)
    size_lost_on = serializers.DateField(allow_null=True, help_text="When it stopped being micro or small.")
    designated_on = serializers.DateField(allow_null=True, help_text="Designation as very large (DSA Art 33(4)).")
    recipients_eu = serializers.IntegerField(allow_null=True, help_text="Average monthly active recipients.")
    recipients_counted_on = serializers.DateField(allow_null=True)
    representative = RepresentativeOut(allow_null=True)
    policies = PolicyOut(many=True, help_text="Every version, the newest first.")
    obligations = ObligationOut(many=True)


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
        "standing": row.standing,
        "country": row.country,
        "time_zone": row.time_zone,
        "languages": row.languages,
        "service_type": profile.service_type if profile else None,
        "size_class": profile.size_class if profile else None,
        "domains": sorted(domain.host for domain in row.domains.all()),
        "contact_points": [
            {
                "purpose": contact.purpose,
                "email": contact.email,
                "phone": contact.phone,
                "hours": contact.hours,
                "time_zone": contact.time_zone or row.time_zone,
                "languages": contact.languages,
            }
            for contact in sorted(row.contact_points.all(), key=lambda one: one.pk)
            if contact.purpose not in INTERNAL_PURPOSES
        ],
    }


def write_platform_detail(row: Organisation, *, on: date) -> dict[str, Any]:
    """As `write_platform`, with its policies loaded as well."""
    profile: PlatformProfile | None = getattr(row, "platform", None)
    days = ("size_since", "size_lost_on", "designated_on", "recipients_eu", "recipients_counted_on")
    policies = sorted(row.policies.all(), key=lambda one: (one.at, one.pk), reverse=True)
    return {
        **write_platform(row),
        "is_presumed": profile is None or profile.is_presumed,
        **{name: getattr(profile, name, None) for name in days},
        "representative": _representative(profile),
        "policies": [{"kind": one.kind, "url": one.url or None, "note": one.note, "at": one.at} for one in policies],
        "obligations": [_obligation(one) for one in duties_of(row, on=on)],
    }


def _representative(profile: PlatformProfile | None) -> dict[str, str] | None:
    if profile is None or not profile.representative_name:
        return None
    return {name: getattr(profile, f"representative_{name}") for name in ("name", "address", "email", "phone")}


def _obligation(one: Obligation) -> dict[str, Any]:
    rule = one.rule
    return {
        "key": rule.key,
        "law": rule.law,
        "articles": rule.articles,
        "title": rule.label,
        "explanation": rule.words,
        "duty": one.duty.value,
        "until": one.until,
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

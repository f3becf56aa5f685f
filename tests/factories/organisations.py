from datetime import UTC, datetime

import factory

from apps.organisations.models import Capability, ContactPoint, ContactPurpose, Domain, Kind, Organisation
from apps.organisations.models.platform import PlatformProfile, ServiceType, SizeClass

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


class OrganisationFactory(factory.django.DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"organisation-{n}")
    name = factory.Sequence(lambda n: f"Organisation {n}")
    kind = Kind.REFERRAL_UNIT
    country = "NL"
    languages = ["en"]
    capabilities: list[Capability] = []
    created_at = LONG_AGO


class ReferralUnitFactory(OrganisationFactory):
    slug = factory.Sequence(lambda n: f"unit-{n}")
    name = factory.Sequence(lambda n: f"Referral Unit {n}")
    capabilities = [Capability.REFER, Capability.NOTIFY]


class TrustedFlaggerFactory(OrganisationFactory):
    slug = factory.Sequence(lambda n: f"flagger-{n}")
    name = factory.Sequence(lambda n: f"Flagger {n}")
    kind = Kind.TRUSTED_FLAGGER
    country = "FR"
    capabilities = [Capability.NOTIFY, Capability.FLAG]
    second_person = False


class CommissionFactory(OrganisationFactory):
    slug = factory.Sequence(lambda n: f"commission-{n}")
    name = factory.Sequence(lambda n: f"Commission {n}")
    kind = Kind.COMMISSION
    country = "BE"


class ContactPointFactory(factory.django.DjangoModelFactory[ContactPoint]):
    class Meta:
        model = ContactPoint

    purpose = ContactPurpose.AUTHORITIES
    email = factory.LazyAttribute(lambda o: f"contact@{o.organisation.slug}.example")
    verified_at = LONG_AGO


class DomainFactory(factory.django.DjangoModelFactory[Domain]):
    class Meta:
        model = Domain


class PlatformFactory(OrganisationFactory):
    """A platform with its profile, one domain (`<slug>.example`) and one contact point."""

    slug = factory.Sequence(lambda n: f"platform-{n}")
    name = factory.Sequence(lambda n: f"Platform {n}")
    kind = Kind.PLATFORM
    country = "IE"

    @factory.post_generation
    def profile(self, create, size, **kwargs):
        PlatformProfile.objects.create(
            organisation=self, service_type=ServiceType.ONLINE_PLATFORM, size_class=size or SizeClass.MEDIUM
        )
        DomainFactory(platform=self, host=f"{self.slug}.example")
        ContactPointFactory(organisation=self)

from tests.factories.organisations import (
    CommissionFactory,
    ContactPointFactory,
    DomainFactory,
    OrganisationFactory,
    PlatformFactory,
    ReferralUnitFactory,
    TrustedFlaggerFactory,
)
from tests.factories.people import UserFactory, member, principal_for, token_for
from tests.factories.referrals import CaseFactory, ItemFactory, ReferralFactory

__all__ = [
    "CaseFactory",
    "CommissionFactory",
    "ContactPointFactory",
    "DomainFactory",
    "ItemFactory",
    "OrganisationFactory",
    "PlatformFactory",
    "ReferralFactory",
    "ReferralUnitFactory",
    "TrustedFlaggerFactory",
    "UserFactory",
    "member",
    "principal_for",
    "token_for",
]

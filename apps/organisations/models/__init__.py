from apps.organisations.models.calendar import Calendar
from apps.organisations.models.organisation import Capability, Kind, Organisation, Standing
from apps.organisations.models.platform import (
    INTERNAL_PURPOSES,
    ContactPoint,
    ContactPurpose,
    Domain,
    PlatformProfile,
    PolicyKind,
    PolicyLink,
    ServiceType,
    SizeClass,
)

__all__ = [
    "INTERNAL_PURPOSES",
    "Calendar",
    "Capability",
    "ContactPoint",
    "ContactPurpose",
    "Domain",
    "Kind",
    "Organisation",
    "PlatformProfile",
    "PolicyKind",
    "PolicyLink",
    "ServiceType",
    "SizeClass",
    "Standing",
]

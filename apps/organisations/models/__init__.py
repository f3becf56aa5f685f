from apps.organisations.models.organisation import Capability, Kind, Organisation
from apps.organisations.models.platform import ContactPoint, ContactPurpose, Domain, PlatformProfile

__all__ = ["Capability", "ContactPoint", "ContactPurpose", "Domain", "Kind", "Organisation", "PlatformProfile"]

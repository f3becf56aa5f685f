from apps.accounts.models.claims import Claim, PlatformProposal
from apps.accounts.models.credentials import ApiToken, Invitation
from apps.accounts.models.grants import OrganisationGroupGrant, OrganisationUserGrant, RolePermission
from apps.accounts.models.people import Membership, User

__all__ = [
    "ApiToken",
    "Claim",
    "Invitation",
    "Membership",
    "OrganisationGroupGrant",
    "OrganisationUserGrant",
    "PlatformProposal",
    "RolePermission",
    "User",
]

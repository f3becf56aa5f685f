from apps.accounts.models.credentials import ApiToken, Invitation
from apps.accounts.models.grants import OrganisationGroupGrant, OrganisationUserGrant
from apps.accounts.models.people import Membership, User

__all__ = ["ApiToken", "Invitation", "Membership", "OrganisationGroupGrant", "OrganisationUserGrant", "User"]

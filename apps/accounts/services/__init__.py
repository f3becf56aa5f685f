"""What may be done to people and their credentials. Other apps and both interfaces import from here."""

from apps.accounts.services.claims import (
    ClaimUnusable,
    ForeignMailbox,
    find_claim,
    may_be_offered,
    offer_claim,
    take_claim,
)
from apps.accounts.services.invitations import (
    ForSomebodyElse,
    InvitationUnusable,
    SignInFirst,
    accept,
    accept_as,
    find_invitation,
    has_account,
    invite,
    resend_invitation,
    revoke_invitation,
)
from apps.accounts.services.members import change_role, grant_role, remove_member, sync_roles
from apps.accounts.services.platforms import PlatformIsThere, Proposal, describe_platform, make_platform, remove_contact
from apps.accounts.services.preferences import choose_language, update_person
from apps.accounts.services.sign_ins import note_at_the_door
from apps.accounts.services.tokens import issue_token, note_token_use, revoke_token

__all__ = [
    "ClaimUnusable",
    "ForSomebodyElse",
    "ForeignMailbox",
    "InvitationUnusable",
    "PlatformIsThere",
    "Proposal",
    "SignInFirst",
    "accept",
    "accept_as",
    "change_role",
    "choose_language",
    "describe_platform",
    "find_claim",
    "find_invitation",
    "grant_role",
    "has_account",
    "invite",
    "issue_token",
    "make_platform",
    "may_be_offered",
    "note_at_the_door",
    "note_token_use",
    "offer_claim",
    "remove_contact",
    "remove_member",
    "resend_invitation",
    "revoke_invitation",
    "revoke_token",
    "sync_roles",
    "take_claim",
    "update_person",
]

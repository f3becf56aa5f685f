"""What may be done to people and their credentials. Other apps and both interfaces import from here."""

from apps.accounts.services.members import change_role, grant_role, remove_member, sync_roles
from apps.accounts.services.preferences import choose_language
from apps.accounts.services.tokens import issue_token, note_token_use, revoke_token

__all__ = [
    "change_role",
    "choose_language",
    "grant_role",
    "issue_token",
    "note_token_use",
    "remove_member",
    "revoke_token",
    "sync_roles",
]

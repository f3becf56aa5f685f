from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitationOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Nobody signs up by themselves: an organisation's administrator invites."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

from rest_framework.request import Request as RestRequest

from apps.accounts.principal import Principal


class Request(RestRequest):
    """An authenticated API request. For annotations only."""

    user: Principal  # type: ignore[assignment]  # a principal, not a row of the user table

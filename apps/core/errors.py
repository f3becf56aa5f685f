from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A rule was broken. `code` is for machines, the message is safe to show to a person."""

    code = "error"
    message: str | Promise = _("This is not possible.")

    def __init__(self, message: str | Promise | None = None, **facts: Any):
        super().__init__(message or self.message)
        self.facts = facts  # what a machine may want beside the code, e.g. the present state

    def __str__(self) -> str:
        return str(self.args[0])


class Conflict(DomainError):
    """The thing exists, but not in a state that allows this."""

    code = "conflict"


class Refused(DomainError):
    """What was sent cannot be accepted as it is."""

    code = "invalid"

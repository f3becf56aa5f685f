"""What an organisation's administrators may do to its public entry and its calendar. Run as the organisation."""

from apps.organisations.services.calendar import (
    ClosedTooOften,
    DayIsOver,
    WorksTooRarely,
    close_on,
    open_on,
    set_calendar,
)
from apps.organisations.services.profile import add_contact, publish_policy, set_profile

__all__ = [
    "ClosedTooOften",
    "DayIsOver",
    "WorksTooRarely",
    "add_contact",
    "close_on",
    "open_on",
    "publish_policy",
    "set_calendar",
    "set_profile",
]

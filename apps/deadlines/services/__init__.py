"""What happens because time passes."""

from apps.deadlines.services.chasing import chase_overdue
from apps.deadlines.services.policies import (
    LimitOutOfReach,
    LineIsDoubled,
    NothingHasChanged,
    PolicyHasChanged,
    save_policy,
)
from apps.deadlines.services.watching import watch

__all__ = [
    "LimitOutOfReach",
    "LineIsDoubled",
    "NothingHasChanged",
    "PolicyHasChanged",
    "chase_overdue",
    "save_policy",
    "watch",
]

"""What happens because time passes."""

from apps.deadlines.services.chasing import chase
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
    "chase",
    "save_policy",
    "watch",
]

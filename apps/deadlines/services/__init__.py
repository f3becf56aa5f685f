"""What happens because time passes."""

from apps.deadlines.services.announcing import (
    AnnouncementOutOfReach,
    LawDoesNotWait,
    NothingToHold,
    announce,
    announce_for_items,
    announce_set,
)
from apps.deadlines.services.chasing import chase
from apps.deadlines.services.policies import (
    LadderOutOfReach,
    LimitOutOfReach,
    LineIsDoubled,
    NothingHasChanged,
    PolicyHasChanged,
    save_policy,
)
from apps.deadlines.services.watching import watch

__all__ = [
    "AnnouncementOutOfReach",
    "LadderOutOfReach",
    "LawDoesNotWait",
    "LimitOutOfReach",
    "LineIsDoubled",
    "NothingHasChanged",
    "NothingToHold",
    "PolicyHasChanged",
    "announce",
    "announce_for_items",
    "announce_set",
    "chase",
    "save_policy",
    "watch",
]

"""What may be done about claimed removals: look, have looked, and judge what was found."""

from apps.verification.services.by_hand import CheckInvalid, NotSentYet, check_by_hand
from apps.verification.services.checking import check_due
from apps.verification.services.reviewing import NothingToReview, dismiss, note_filed_again, take_up
from apps.verification.services.switching import CheckerRefused, switch_checker

__all__ = [
    "CheckInvalid",
    "CheckerRefused",
    "NotSentYet",
    "NothingToReview",
    "check_by_hand",
    "check_due",
    "dismiss",
    "note_filed_again",
    "switch_checker",
    "take_up",
]

from apps.verification.models.check import Check, Source
from apps.verification.models.checker import Checker
from apps.verification.models.recheck import Recheck, Skipped
from apps.verification.models.review import Review, ReviewKind, ReviewState

__all__ = ["Check", "Checker", "Recheck", "Review", "ReviewKind", "ReviewState", "Skipped", "Source"]

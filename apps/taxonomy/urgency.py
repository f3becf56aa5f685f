from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Urgency(TextChoices):
    """How soon an answer is hoped for, most urgent first. A target, never a clock of law: the instrument has those."""

    LIFE = "life", _("Threat to life or safety")
    CRISIS = "crisis", _("Active crisis event")
    HOUR = "hour", _("Within the hour")
    DAY = "day", _("Within a day")
    STANDARD = "standard", _("Standard")

    @property
    def rank(self) -> int:
        """0 is the most urgent; sorts and compares levels."""
        return _RANKS[self]

    @property
    def target_hours(self) -> int:
        return TARGET_HOURS[self]


_RANKS = {urgency: rank for rank, urgency in enumerate(Urgency)}

# One hour: Recommendation (EU) 2018/334. One day: Code of conduct on hate speech, DSA recital 87. Seven days: ours.
TARGET_HOURS: Mapping[Urgency, int] = MappingProxyType(
    {
        Urgency.LIFE: 1,
        Urgency.CRISIS: 1,
        Urgency.HOUR: 1,
        Urgency.DAY: 24,
        Urgency.STANDARD: 168,
    }
)

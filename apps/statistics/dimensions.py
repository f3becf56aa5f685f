"""Whose figures there are, and what they are broken down by. The count, the readers and the pages share this table."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _


class Dimension(models.TextChoices):
    """What the figures of a cell are broken down by; NONE is the total."""

    NONE = "none", _("Total")
    INSTRUMENT = "instrument", _("Instrument")
    CATEGORY = "category", _("Category")
    PLATFORM = "platform", _("Platform")
    SIZE_CLASS = "size_class", _("Size of the platform")
    SENDER = "sender", _("Sender")
    COUNTRY = "country", _("Country of the sender")
    URGENCY = "urgency", _("Urgency")
    LANGUAGE = "language", _("Language of the content")


class Scope(models.TextChoices):
    """Whose figures: what an organisation sent, what it received, or everybody's (organisation null)."""

    SENT = "sent", _("Sent")
    RECEIVED = "received", _("Received")
    ALL = "all", _("All organisations")


_OF_EVERYBODY = (Dimension.NONE, Dimension.INSTRUMENT, Dimension.CATEGORY, Dimension.URGENCY, Dimension.LANGUAGE)

# Nobody's figures are broken down by themselves: a sender has one sender, a platform one platform.
DIMENSIONS: Mapping[Scope, tuple[Dimension, ...]] = MappingProxyType(
    {
        Scope.SENT: (*_OF_EVERYBODY, Dimension.PLATFORM, Dimension.SIZE_CLASS),
        Scope.RECEIVED: (*_OF_EVERYBODY, Dimension.SENDER, Dimension.COUNTRY),
        Scope.ALL: tuple(Dimension),
    }
)

MONTH = "month"  # a breakdown, not a dimension: every cell has its month


def breakdowns(scope: Scope) -> tuple[str, ...]:
    """What the figures of a scope may be broken down by, as values of `by`."""
    return (MONTH, *(one.value for one in DIMENSIONS[scope] if one is not Dimension.NONE))

"""What a message may say of what it is about. This app does not know it; `MAIL_ENCLOSURES` names who does."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """Facts about one reference, as of now, for its recipient.

    `addresses`: pairs of (item, address), defanged; empty where no mail may carry them. `is_sensitive`: nothing of the
    matter may stand in a mail, and a link asks for a code. `data`: the same for machines. `closed`: nothing is asked
    of the recipient any more. `sender_id`: the organisation whose reference it is.
    """

    is_sensitive: bool = False
    addresses: Sequence[tuple[str, str]] = ()
    due_at: datetime | None = None
    closed: bool = False
    sender_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


Enclosing = Callable[[Collection[str]], Mapping[str, Enclosure]]
UNKNOWN = Enclosure(is_sensitive=True)  # what nobody knows, nobody writes into a mail


def enclosures(abouts: Collection[str]) -> Mapping[str, Enclosure]:
    """What messages about these references may say. Run as the system."""
    found = cast(Enclosing, import_string(settings.MAIL_ENCLOSURES))(abouts)
    return {about: found.get(about, UNKNOWN) for about in abouts}

from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext, pgettext

MINUTE, HOUR, DAY = 60, 3600, 86_400


def in_words(at: datetime, *, seconds: bool = False) -> str:
    """An instant with date, time and zone, in the reader's language and zone: for mails, which have no tooltips."""
    local = timezone.localtime(at)
    if seconds:
        shape = pgettext("date and time format with seconds", "j M Y, H:i:s")
    else:
        shape = pgettext("date and time format", "j M Y, H:i")
    return f"{formats.date_format(local, shape)} {local.tzname()}"


def span_in_words(seconds: float) -> str:
    """A length of time in its one useful unit, from seconds on: `20 s`, `12 min`, `5 h`, `6 days`."""
    if seconds < MINUTE:
        return gettext("%(count)s s") % {"count": formats.number_format(int(seconds))}
    if seconds < 2 * HOUR:
        return gettext("%(count)s min") % {"count": formats.number_format(int(seconds // MINUTE))}
    if seconds < 2 * DAY:
        return gettext("%(count)s h") % {"count": formats.number_format(int(seconds // HOUR))}
    days = int(seconds // DAY)
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": formats.number_format(days)}


def length_in_words(length: timedelta) -> str:
    """An exact length: `3 h 50 min`, `1 h`, `30 s`. What is less than a second is left out; the sign is not said."""
    minutes, seconds = divmod(int(abs(length).total_seconds()), MINUTE)
    hours, minutes = divmod(minutes, 60)
    parts = [
        (hours, gettext("%(count)s h")),
        (minutes, gettext("%(count)s min")),
        (seconds, gettext("%(count)s s")),
    ]
    said = [words % {"count": formats.number_format(count)} for count, words in parts if count]
    return " ".join(said) or gettext("%(count)s s") % {"count": 0}

from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext, pgettext

MINUTE, HOUR, DAY = 60, 3600, 86_400


def in_words(at: datetime) -> str:
    """An instant with date, time and zone, in the reader's language and zone: for mails, which have no tooltips."""
    local = timezone.localtime(at)
    return f"{formats.date_format(local, pgettext('date and time format', 'j M Y, H:i'))} {local.tzname()}"


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

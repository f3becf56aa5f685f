from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import pgettext


def in_words(at: datetime) -> str:
    """An instant with date, time and zone, in the reader's language and zone: for mails, which have no tooltips."""
    local = timezone.localtime(at)
    return f"{formats.date_format(local, pgettext('date and time format', 'j M Y, H:i'))} {local.tzname()}"

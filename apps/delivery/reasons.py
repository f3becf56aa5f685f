"""Why a message did not leave: kept in English with what the mail server said, shown in the reader's language."""

from django.utils.translation import gettext, gettext_noop

NO_ADDRESS = gettext_noop("The organisation has no contact point.")
REFUSED = gettext_noop("The mail server refused it:")
AWAY = gettext_noop("The mail server could not be reached:")
REASONS = (NO_ADDRESS, REFUSED, AWAY)


def in_words(kept: str) -> str:
    """A reason as it was kept, in the language of whoever reads it now."""
    known = next((reason for reason in REASONS if kept.startswith(reason)), None)
    return f"{gettext(known)}{kept.removeprefix(known)}" if known else kept

"""Why a message did not leave: kept in English with what the other side said, shown in the reader's language."""

from django.utils.translation import gettext, gettext_noop

NO_ADDRESS = gettext_noop("The organisation has no contact point.")
REFUSED = gettext_noop("The mail server refused it:")
AWAY = gettext_noop("The mail server could not be reached:")
TIMED_OUT = gettext_noop("The endpoint did not answer within 15 seconds.")
NO_TLS = gettext_noop("The endpoint's certificate could not be verified.")
NO_NAME = gettext_noop("The endpoint's host name could not be found.")
NO_CONNECTION = gettext_noop("The endpoint could not be reached.")
FORBIDDEN = gettext_noop("The endpoint's host name does not lead to a machine on the public internet.")
REDIRECTED = gettext_noop("The endpoint redirects; messages follow no redirect.")
GONE = gettext_noop("The endpoint wants no more messages.")
BUSY = gettext_noop("The endpoint asks to be left alone for a while.")
NOT_TAKEN = gettext_noop("The endpoint refused the message.")
BROKEN = gettext_noop("The endpoint failed.")
NO_ENDPOINT = gettext_noop("No endpoint in service takes this kind of message.")
LEFT_ALONE = gettext_noop("The endpoint is being left alone for a while.")
NO_ECHO = gettext_noop("The endpoint answered, but did not repeat the challenge.")
NOT_AN_ADDRESS = gettext_noop("The contact point is not an e-mail address:")
BOUNCED = gettext_noop("The mail came back:")
DELAYED = gettext_noop("The other mail server is still trying:")
REASONS = (
    NOT_AN_ADDRESS,
    BOUNCED,
    DELAYED,
    NO_ADDRESS,
    REFUSED,
    AWAY,
    TIMED_OUT,
    NO_TLS,
    NO_NAME,
    NO_CONNECTION,
    FORBIDDEN,
    REDIRECTED,
    GONE,
    BUSY,
    NOT_TAKEN,
    BROKEN,
    NO_ENDPOINT,
    LEFT_ALONE,
    NO_ECHO,
)


def in_words(kept: str) -> str:
    """A reason as it was kept, in the language of whoever reads it now."""
    known = next((reason for reason in REASONS if kept.startswith(reason)), None)
    return f"{gettext(known)}{kept.removeprefix(known)}" if known else kept

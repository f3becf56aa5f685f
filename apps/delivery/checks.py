from pathlib import Path

from django.conf import settings
from django.core import checks


def signing_key_is_there(**_: object) -> list[checks.CheckMessage]:
    """A key that is named and not there would look like a mail server that is away."""
    if not settings.DKIM_KEY_FILE or Path(settings.DKIM_KEY_FILE).is_file():
        return []
    return [checks.Error("DKIM_KEY_FILE names no file.", hint="Name an RSA key in PEM, or none.", id="delivery.E002")]


def loopback_is_out_of_reach(**_: object) -> list[checks.CheckMessage]:
    """A production worker that may reach its own machine would be a way into it."""
    if not settings.OUTGOING_MAY_REACH_LOOPBACK:
        return []
    return [
        checks.Error(
            "Webhooks may reach servers on this machine.",
            hint="Leave OUTGOING_MAY_REACH_LOOPBACK unset: it is for tests and the demo.",
            id="delivery.E001",
        )
    ]

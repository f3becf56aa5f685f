from django.conf import settings
from django.core import checks


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

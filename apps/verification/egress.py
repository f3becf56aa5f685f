"""How the checker gets out. It has a way of its own, or it is off: never the way that messages go, by accident."""

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Egress(TextChoices):
    CLOSED = "closed", _("Nobody has set up how the checker reaches the internet: it is off for everybody.")
    PROXY = "proxy", _("It reaches the internet through a proxy of its own.")
    DIRECT = "direct", _("It reaches the internet directly.")


def egress() -> Egress:
    if settings.CHECKER_PROXY_URL:
        return Egress.PROXY
    return Egress.DIRECT if settings.CHECKER_DIRECT else Egress.CLOSED

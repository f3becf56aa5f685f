"""What a message says about an instrument, for readers who have never heard of one. Here it is known by code alone."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.taxonomy.urgency import TARGET_HOURS

INSTRUMENTS: Mapping[str, Promise] = MappingProxyType(
    {
        "referral": _("Referral for voluntary consideration"),
        "notice": _("Notice (DSA Art 16)"),
        "trusted_flagger_notice": _("Trusted flagger notice (DSA Art 22)"),
    }
)
EFFECTS: Mapping[str, Promise] = MappingProxyType(
    {
        "referral": _(
            "A referral is not an order. You weigh the content against your own terms, and decide what to do."
        ),
        "notice": _(
            "You decide on a notice in good time and with care, and tell the sender what you decided and why "
            "(Digital Services Act, Article 16)."
        ),
        "trusted_flagger_notice": _(
            "You give the notice of a trusted flagger priority, decide on it without undue delay, and tell the sender "
            "what you decided and why (Digital Services Act, Articles 16 and 22)."
        ),
    }
)


def target_in_words(urgency: str) -> str:
    """How long after its receipt an answer is hoped for: `24 hours`, `7 days`; empty where nobody said."""
    hours = TARGET_HOURS.get(urgency)  # type: ignore[call-overload]  # its keys are strings
    if hours is None:
        return ""
    if hours > 48:
        return ngettext("%(count)d day", "%(count)d days", hours // 24) % {"count": hours // 24}
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}

"""The form of a new case for an address that is back, filled in with what was filed before."""

from typing import Any

from django.utils.translation import gettext as _

from apps.referrals.models import Item

KEPT = ("instrument", "area", "category", "keywords", "urgency", "reasons", "language", "legal_basis", "tlp", "pap")


def draft_of(item: Item) -> dict[str, Any]:
    facts = {"item": item.reference, "referral": item.referral.reference}
    return {name: getattr(item.referral, name) for name in KEPT} | {
        "addresses": item.url_raw,
        "title": _("Back again: %(item)s") % facts,
        "note": _("Filed again: %(item)s of %(referral)s is back, or was never gone.") % facts,
    }

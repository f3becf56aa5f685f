"""Addresses of material nobody may look at by chance: hidden until somebody says why they need them."""

from django.utils.translation import gettext_lazy as _

from apps.referrals.intake.addresses import defang
from apps.taxonomy.areas import WITHOUT_MATERIAL

HIDDEN = _("Address hidden")


def is_masked(area: str) -> bool:
    return area in WITHOUT_MATERIAL


def shown(url: str, *, hidden: bool) -> str:
    """An address as a page may show it."""
    return str(HIDDEN) if hidden else defang(url)

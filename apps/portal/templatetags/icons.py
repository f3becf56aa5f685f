import logging
from functools import lru_cache

from django import template
from django.conf import settings
from django.utils.safestring import SafeString
from lucide import IconDoesNotExist
from lucide.templatetags.lucide import lucide

register = template.Library()
logger = logging.getLogger(__name__)


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """One lucide icon as inline SVG, hidden from screen readers: the words stand beside it."""
    try:
        return _drawn(str(name), str(css))
    except IconDoesNotExist:
        if settings.DEBUG or getattr(settings, "ENVIRONMENT", "") == "test":
            raise
        logger.warning("icon.unknown name=%s", name)
        return SafeString("")


@lru_cache(maxsize=512)
def _drawn(name: str, css: str) -> SafeString:
    attributes = {"class": f"ico {css}".strip(), "aria_hidden": "true", "focusable": "false"}
    return SafeString(lucide(name, size=16, **attributes))

"""Choices of the filing forms, in the order and the words that help a person to choose."""

from typing import Any

from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.taxonomy.categories import ONLY_ORDERS, ONLY_OWN_INITIATIVE, Category
from apps.taxonomy.keywords import KEYWORDS
from apps.taxonomy.languages import OFFICIAL_LANGUAGES, Language
from apps.taxonomy.urgency import Urgency

Choices = list[tuple[str, Any]]


def categories() -> Choices:
    """Those that somebody who notifies may name."""
    others = ONLY_OWN_INITIATIVE | ONLY_ORDERS
    return [(category.value, category.label) for category in Category if category not in others]


def keywords_of(category: str) -> Choices:
    found = KEYWORDS.get(Category(category), ()) if category in Category.values else ()
    return [(keyword.value, keyword.label) for keyword in found]


def languages() -> Choices:
    """The official languages of the Union first."""
    official = [(language.value, language.label) for language in OFFICIAL_LANGUAGES]
    others = [(language.value, language.label) for language in Language if language not in OFFICIAL_LANGUAGES]
    return [(_("Official languages of the Union"), official), (_("Other languages"), others)]


def urgencies() -> Choices:
    return [(urgency.value, _urgency(urgency)) for urgency in Urgency]


def _urgency(urgency: Urgency) -> SafeString:
    hours = urgency.target_hours
    if hours > 48:
        within = ngettext("%(count)s day", "%(count)s days", hours // 24) % {"count": number_format(hours // 24)}
    else:
        within = ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": number_format(hours)}
    return format_html("{}<small>{}</small>", urgency.label, _("Target: %(within)s") % {"within": within})

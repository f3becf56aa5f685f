from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext

from apps.organisations.models import Organisation
from apps.organisations.models.platform import SizeClass
from apps.referrals.instruments import Instrument
from apps.statistics.dimensions import MONTH, Dimension
from apps.taxonomy.categories import Category
from apps.taxonomy.languages import Language
from apps.taxonomy.territories import Country
from apps.taxonomy.urgency import Urgency

VOCABULARIES: Mapping[str, type[TextChoices]] = {
    Dimension.INSTRUMENT: Instrument,
    Dimension.CATEGORY: Category,
    Dimension.SIZE_CLASS: SizeClass,
    Dimension.COUNTRY: Country,
    Dimension.URGENCY: Urgency,
    Dimension.LANGUAGE: Language,
}
PARENT_FIELDS = {Dimension.PLATFORM.value: "platform__size_class", Dimension.SENDER.value: "country"}


def labels_of(by: str, keys: Iterable[str]) -> dict[str, str]:
    """Words for the keys of a breakdown, in the reader's language; at most one query, for organisations' names."""
    wanted = list(keys)
    if by == MONTH:
        return {key: month_in_words(date.fromisoformat(f"{key}-01")) for key in wanted}
    if by in PARENT_FIELDS:
        names = dict(Organisation.objects.filter(slug__in=wanted).values_list("slug", "name"))
        return {key: names.get(key, key) for key in wanted}
    words: dict[str, str | Promise] = dict(VOCABULARIES[by].choices)
    return {key: str(words.get(key, key)) or gettext("Not known") for key in wanted}


def parents_of(by: str, slugs: Iterable[str]) -> dict[str, str]:
    """The size class of platforms, the country of senders: what their figures add up to."""
    found = Organisation.objects.filter(slug__in=list(slugs)).values_list("slug", PARENT_FIELDS[by])
    return {slug: parent or "" for slug, parent in found}


def month_in_words(month: date) -> str:
    return date_format(month, pgettext("month format", "M Y"))

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
ORGANISATIONS = frozenset({Dimension.PLATFORM, Dimension.SENDER})


def labels_of(by: str, keys: Iterable[str]) -> dict[str, str]:
    """Words for the keys of a breakdown, in the reader's language; at most one query, for organisations' names."""
    wanted = list(keys)
    if by == MONTH:
        return {key: month_in_words(date.fromisoformat(f"{key}-01")) for key in wanted}
    if by in ORGANISATIONS:
        names = dict(Organisation.objects.filter(slug__in=wanted).values_list("slug", "name"))
        return {key: names.get(key, key) for key in wanted}
    words: dict[str, str | Promise] = dict(VOCABULARIES[by].choices)
    return {key: str(words.get(key, key)) or gettext("Not known") for key in wanted}


def month_in_words(month: date) -> str:
    return date_format(month, pgettext("month format", "M Y"))

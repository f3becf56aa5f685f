"""A language made of the English texts: ⟦Ŕéƒéŕŕáļ···⟧. What a page shows without accents does not go through gettext.

Longer than English by a third, as other languages are, and accented, so that what is cut off or cannot be drawn is seen
as well.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from django.apps import apps

from apps.core.catalogues import messages, texts

LANGUAGE = "eo"  # nobody's language here; Django must know its name
PADDING = 0.3
ACCENTED = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "ÁƁČĎÉƑĜĤÍĴĶĻṀŃÓṔǪŔŚŤÚṼŴẌÝŽáƀčďéƒĝĥíĵķļṁńóṕǫŕśťúṽŵẍýž",
)
KEPT = re.compile(r"(%\(\w+\)[sdi]|%[sdi%]|\{\w*\}|<[^>]*>|&\w+;|\s+)")  # placeholders, markup, spaces


def pseudo(collected: Catalog) -> Catalog:
    """The catalogue of the pseudo-language: the packages' texts that a page may show, and ours."""
    whole = Catalog(locale=LANGUAGE)
    for source in (*_of_packages(), collected):
        for message in messages(source):
            words = texts(message.id)
            context = _text(message.context)
            spoken = words if "format" in (context or "") else [accented(word) for word in words]
            whole.add(message.id, spoken[0] if len(words) == 1 else spoken, context=context)
    return whole


def accented(text: str) -> str:
    """The text in brackets, a third longer, every letter foreign; placeholders and markup as they were."""
    parts = [part if KEPT.fullmatch(part) else part.translate(ACCENTED) for part in KEPT.split(text)]
    length = sum(len(part) for part in parts if not KEPT.fullmatch(part))
    return f"⟦{''.join(parts)}{'·' * round(length * PADDING)}⟧"


def _of_packages() -> Iterator[Catalog]:
    """The texts of Django and of the installed packages; a French catalogue knows them all."""
    folders = [Path(django.__file__).parent / "conf", *(Path(config.path) for config in apps.get_app_configs())]
    for folder in folders:
        compiled = folder / "locale" / "fr" / "LC_MESSAGES" / "django.mo"  # some packages bring no .po
        if compiled.is_file():
            with compiled.open("rb") as file:
                yield read_mo(file)


def _text(context: str | bytes | None) -> str | None:
    """Babel reads contexts from compiled catalogues as they lie there."""
    return context.decode() if isinstance(context, bytes) else context

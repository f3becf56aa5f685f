"""Catalogues of translated texts: collected from the code, written so that a difference shows changed texts only.

In Babel, so that no program beside Python is needed. A catalogue is `locale/<language>/LC_MESSAGES/django.po`; the
languages that have one are the languages the portal offers.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import template

ROOT = Path(settings.BASE_DIR)
LOCALE = ROOT / "referral_portal" / "locale"
CODE, TEMPLATES = ("apps", "referral_portal"), ("templates",)
LEFT_OUT = {"migrations", "commands"}  # nobody reads the former, operators and their logs read the latter in English
NAMES = ("gettext", "ngettext", "pgettext", "npgettext")
FUNCTIONS = {"_", "gettext_noop", *NAMES, *(f"{name}_lazy" for name in NAMES)}
Call = tuple[str, Sequence[str], Sequence[str]]  # function, its texts, notes for translators
NOTE = "Translators:"
PLACEHOLDER = re.compile(r"%\(\w+\)[sdi]|%[sdi]|%%|\{\w*\}")
HEADER = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: {language}\\n"
"Plural-Forms: {plural_forms}\\n"

"""


def collect() -> Catalog:
    """Every text in the code and the templates that goes through gettext, with where it stands and notes about it."""
    found = Catalog()
    for path in _sources():
        place = str(path.relative_to(ROOT))
        for context, identifier, notes in _texts(path):
            found.add(identifier, context=context, locations=[(place, 0)], auto_comments=notes)
    for message in messages(found):
        message.locations = sorted(set(message.locations))
    return found


def _sources() -> Iterator[Path]:
    for folder in (*CODE, *TEMPLATES):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and not LEFT_OUT.intersection(path.parts):
                yield path


def _texts(path: Path) -> Iterator[tuple[str | None, str | tuple[str, str], list[str]]]:
    """(context, text or (one, several), notes for translators) of each call of gettext in a file."""
    text = path.read_text()
    calls = _calls_in_code(text) if path.suffix == ".py" else _calls_in_page(text, origin=str(path))
    for function, given, notes in calls:
        words = list(given)
        context = words.pop(0) if "pgettext" in function and words else None
        if words:
            one, several = words[0], words[1] if function.startswith("n") else None
            yield context, (one, several) if several else one, [note.removeprefix(NOTE).strip() for note in notes]


def _calls_in_code(text: str) -> Iterator[Call]:
    """Off the syntax tree: a call inside an f-string is one too."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and (function := _name(node.func)) in FUNCTIONS:
            words = [word.value for word in node.args if isinstance(word, ast.Constant) and isinstance(word.value, str)]
            above = lines[node.lineno - 2].strip().removeprefix("# ")
            yield function, words, [above] if above.startswith(NOTE) else []


def _name(function: ast.expr) -> str:
    """`gettext` of `gettext` and of `translation.gettext`."""
    return getattr(function, "id", "") or getattr(function, "attr", "")


def _calls_in_page(text: str, *, origin: str) -> Iterator[Call]:
    lines = template.templatize(text, origin=origin).splitlines()
    code = "\n".join(line.lstrip() for line in lines)  # what is left of a page is indented as no Python is
    # Yields (line, function, text or texts, notes); Babel's annotation says something else.
    calls: Any = extract_python(BytesIO(code.encode()), DEFAULT_KEYWORDS, [NOTE], {})
    for _, function, words, notes in calls:
        yield function, [words] if isinstance(words, str) else [word for word in words if word], notes


def messages(catalogue: Catalog) -> list[Message]:
    """The texts of a catalogue, its header left out."""
    return [message for message in catalogue if message.id]


def read(path: Path, *, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def merged(collected: Catalog, translated: Catalog, *, language: str) -> Catalog:
    """The collected texts with the translations that are known. What is no longer in the code is dropped."""
    whole = Catalog(locale=language)
    for message in messages(collected):
        known = translated.get(message.id, message.context)
        whole.add(
            message.id,
            known.string if known and _has_same_shape(message, known) else None,
            context=message.context,
            locations=message.locations,
            flags=known.flags if known else (),
            auto_comments=message.auto_comments,
            user_comments=known.user_comments if known else (),
        )
    return whole


def _has_same_shape(message: Message, known: Message) -> bool:
    return message.pluralizable == isinstance(known.string, (tuple, list))


def as_po(catalogue: Catalog, *, language: str) -> str:
    """The text of a .po file: sorted, no line numbers, no dates, so that it changes when a text does."""
    for message in messages(catalogue):
        message.flags -= set() if "%(" in str(message.id) else {"python-format"}  # Babel takes “90 % of” for one
    body = BytesIO()
    write_po(body, catalogue, omit_header=True, include_lineno=False, sort_output=True, width=120)
    return HEADER.format(language=language, plural_forms=get_plural(language).plural_forms) + body.getvalue().decode()


def compile_to(catalogue: Catalog, path: Path) -> None:
    """Write the form that gettext reads. A text without translation is left out: English stands in."""
    body = BytesIO()
    write_mo(body, catalogue)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body.getvalue())


def po_of(language: str, folder: Path = LOCALE) -> Path:
    return folder / language / "LC_MESSAGES" / "django.po"


def languages() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.parents[1].name for path in LOCALE.glob("*/LC_MESSAGES/django.po"))


def texts(words: str | Iterable[str] | None) -> list[str]:
    """The forms of a text or translation, which is one text or, where there are plurals, several."""
    return [words or ""] if isinstance(words, str) or words is None else list(words)


def faults(catalogue: Catalog) -> list[str]:
    """What keeps a translation from being complete: texts without one, doubtful ones, placeholders lost or made up."""
    found = []
    for message in messages(catalogue):
        originals, translations = texts(message.id), texts(message.string)
        permitted = [_placeholders(text) for text in originals]
        if message.fuzzy:
            found.append(f"doubtful: {originals[0]!r}")
        if not all(translations) or (message.pluralizable and len(translations) != catalogue.num_plurals):
            found.append(f"not translated: {originals[0]!r}")
        elif any(_placeholders(text) not in permitted for text in translations):
            found.append(f"other placeholders: {originals[0]!r}")
    return found


def _placeholders(text: str) -> set[str]:
    return {found for found in PLACEHOLDER.findall(text) if found != "%%"}

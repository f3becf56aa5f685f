"""Texts that do not go through gettext: with the pseudo-language on, they are the ones in plain letters."""

import atexit
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from apps.accounts.models import ApiToken, Invitation, User
from apps.core.pseudo import LANGUAGE
from apps.organisations.models import Organisation
from apps.organisations.public_holidays import subdivisions_of
from apps.referrals.models import AnswerSheet, StatementExport, Upload
from tests.matrix.operations import operations, values_for
from tests.matrix.world import Person, World

SHOWN_BY_US = ("data-done", "data-label", "data-text")  # by style sheets and scripts
PLAIN = re.compile(r"[A-Za-z]{3,}")
SPOKEN = (
    "alt",
    "aria-description",
    "aria-label",
    "aria-roledescription",
    "label",
    "placeholder",
    "title",
    *SHOWN_BY_US,
)
OF_MACHINES = {"code", "kbd", "pre", "samp", "script", "style", "textarea"}  # their content is data or a key
VOID = {"br", "col", "hr", "img", "input", "link", "meta", "wbr"}  # they have no end
OF_TESTS = {"portal:styleguide"}  # invented content; not part of the product
# What people read and nobody translates. Whoever adds to this list says what it is.
DATA = {
    "the name of the product": r"\bRelay\b",
    "a word of the test world": r"\bcanary\w+",
    "a reference": r"\b[CRI]-[0-9A-Z]{4}(-[0-9A-Z]+)+\b|\b[CRI]-TEST-\d+",
    "the beginning of a token": r"\brp_[\w-]*",
    "an e-mail address": r"[\w.+-]+@[\w.-]+",
    "an address, shown as it cannot be clicked as well": r"\b(https?|hxxps?)\b\S*|\b\S+(\.|\[\.\])(example|test)\b\S*",
    "an official code": r"\b[A-Z]+(_[A-Z0-9]+)+\b",
    "the name of a field of the API": r"\b[a-z]+(_[a-z]+)+\b|\b[a-z]+: (?=⟦)",
    "a mark of the Traffic Light Protocol": r"\b(TLP|PAP):[A-Z]+(\+STRICT)?",
    "a time zone": r"\b(UTC|CET|CEST)\b|\b[A-Z][\w-]+(/[A-Z][\w+-]+)+",
    "a language in its own name": "(?i:" + "|".join(str(name) for _, name in settings.LANGUAGES) + "|esperanto|pseudo)",
    "the headings of the files in the test world": r"^(url|item|outcome)$",
    "the name of a queue": r"“(urgent|default|bulk|statistics)”",
    "the place of a number that a script writes": r"\{count\}",
    "a request's identifier": r"\b[0-9a-f]{32}\b|\b[0-9a-f-]{36}\b",
}


@cache
def pseudo_locale() -> Path:
    """The pseudo-language, made once for all tests of this process."""
    folder = Path(tempfile.mkdtemp(prefix="pseudo-"))
    atexit.register(shutil.rmtree, folder)
    call_command("pseudo_locale", to=folder)
    return folder


def speak(settings: Any) -> None:
    """Let the portal speak the pseudo-language, to whoever asks for it; pytest-django puts the settings back."""
    settings.LANGUAGES = [*settings.LANGUAGES, (LANGUAGE, "Pseudo")]
    settings.LOCALE_PATHS = [pseudo_locale(), *settings.LOCALE_PATHS]


def speaking(person: Person) -> Client:
    """A client who is this person and asks for the pseudo-language."""
    client = Client(headers={"Accept-Language": LANGUAGE}, raise_request_exception=False)
    if person.user:
        client.force_login(person.user)
    return client


def pages_of(world: World, person: Person) -> dict[str, str]:
    """Address and HTML of every page that opens for somebody, on their own things, and of one of each refusal."""
    things = (world.a_to_p, world.a_to_q, world.b_to_q)
    organisation = person.organisation.pk if person.organisation else None
    own = next((thing for thing in things if organisation in thing.owners), things[0])
    client, found = speaking(person), {}
    for operation in operations():
        if operation.method == "get" and (not operation.is_api or operation.name == "api:docs"):
            path = reverse(operation.name, kwargs=values_for(operation, own))
            response = client.get(path)
            if not response.streaming and b"<html" in response.content and operation.name not in OF_TESTS:
                found[response.status_code if response.status_code >= 400 else path] = path, response.content.decode()
    return dict(found.values())


def names_in_the_world() -> re.Pattern[str]:
    """Whatever the test world calls its organisations, people, files and tokens."""
    words = {name for names in Organisation.objects.values_list("name", "slug") for name in names}
    words |= {word for words in User.objects.values_list("name", "email") for word in words}
    words |= {*StatementExport.objects.values_list("name", flat=True)}
    words |= {*AnswerSheet.objects.values_list("name", flat=True)}
    words |= {*Upload.objects.values_list("name", flat=True), *Invitation.objects.values_list("email", flat=True)}
    words |= {*ApiToken.objects.values_list("name", flat=True)}
    countries = Organisation.objects.values_list("country", flat=True).distinct()
    words |= {name for country in countries for _code, name in subdivisions_of(country)}  # as they call themselves
    return re.compile(
        "|".join(rf"\b{re.escape(word)}\b" for word in sorted(filter(None, words), key=len, reverse=True))
    )


def plain_words(texts: Iterable[str], names: re.Pattern[str]) -> list[str]:
    """The texts that hold a word in plain letters which is not data."""
    known = re.compile("|".join(DATA.values()))
    return sorted({text.strip() for text in texts if PLAIN.search(known.sub("", names.sub("", text.strip())))})


class Reader(HTMLParser):
    """What HTML says in its own language: texts, and what only a screen reader says."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent: list[str] = []  # open elements, from the first one of a machine or of another language on

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        is_foreign = tag != "html" and dict(attributes).get("lang")
        if tag not in VOID and (self._silent or tag in OF_MACHINES or is_foreign):
            self._silent.append(tag)
        if not self._silent:
            self.texts += [value for name, value in attributes if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, text: str) -> None:
        if not self._silent:
            self.texts.append(text)


def texts_in(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    return reader.texts


def texts_of(mail: Any) -> list[str]:
    """Subject, plain text line by line, HTML."""
    return [mail.subject, *mail.body.splitlines(), *(t for part in mail.alternatives for t in texts_in(str(part[0])))]


def sentences_in(body: Any) -> Iterator[str]:
    """What an answer of the API says to people: each `detail`, and all `errors`. (`title` is HTTP's own word.)"""
    if isinstance(body, dict):
        for key, value in body.items():
            if key == "detail" and isinstance(value, str):
                yield value
            elif key == "errors" and isinstance(value, dict):
                yield from (sentence for sentences in value.values() for sentence in _flat(sentences))
            else:
                yield from sentences_in(value)
    if isinstance(body, list):
        for value in body:
            yield from sentences_in(value)


def _flat(sentences: Any) -> Iterator[str]:
    if isinstance(sentences, str):
        yield sentences
    else:
        for inner in sentences.values() if isinstance(sentences, dict) else sentences:
            yield from _flat(inner)

"""Every rule of a statement of reasons (domain.md 4.4), asked of a statement as JSON. Used by all who take one.

The tables are in `shape`. A problem names its field, has a stable code for machines and a sentence for people.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.referrals.statements.shape import (
    ALLOWED_WITH,
    DECISIONS,
    EAN_13,
    FIELDS,
    NEEDED_WITH,
    REQUIRED,
    Field,
    Kind,
)
from apps.taxonomy.categories import Category
from apps.taxonomy.schema_v1 import REMOVED_CATEGORIES, REMOVED_KEYWORDS, RENAMED_CATEGORIES, RENAMED_KEYWORDS

RENAMED: Mapping[str, str] = MappingProxyType(
    {old: str(new.value) for old, new in [*RENAMED_CATEGORIES.items(), *RENAMED_KEYWORDS.items()]}
)
REMOVED = REMOVED_CATEGORIES | REMOVED_KEYWORDS
SHOWN = 80  # characters of a wrong value in a sentence

_PUID = re.compile(r"[a-zA-Z0-9_-]+\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_EAN = re.compile(r"\d{13}\Z", re.ASCII)
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
_is_address = URLValidator(schemes=["http", "https"])

SENTENCES: Mapping[str, str | Promise] = MappingProxyType(
    {
        "not_an_object": _("A statement is an object. Send it as {…} with the fields of the documentation."),
        "unknown_field": _("This field is not one of a statement. Remove it, or check its spelling."),
        "required": _("This field is required. Fill it in."),
        "no_decision": _("Name at least one restriction: of visibility, payments, the service or the account."),
        "not_a_text": _("This must be a text without control characters. Send it as a string."),
        "not_a_list": _("This must be a list of codes. Send it as […]."),
        "too_long": _("This text is too long. Shorten it to %(longest)d characters."),
        "unknown_code": _("%(value)s is not on the list. Use one of the official codes."),
        "renamed_code": _("%(value)s was renamed on 1 July 2025. Use %(new)s."),
        "removed_code": _("%(value)s was removed on 1 July 2025 and has no successor. Choose another code."),
        "code_of_orders": _("%(value)s is for orders, which have no statement of reasons. Choose another category."),
        "not_a_date": _("%(value)s is not a date. Write it as year-month-day, like 2026-03-01."),
        "out_of_range": _("%(value)s is outside what is accepted. Give a date from %(earliest)s to %(latest)s."),
        "not_an_address": _("This is not a web address. Write it in full, with http:// or https://."),
        "invalid_puid": _("Use letters without accents, digits, hyphens and underscores only."),
        "invalid_content_id": _("Send an object with the one key EAN-13 and its 13 digits as a string."),
        "needed": _("%(other)s is %(code)s, so this field is required. Fill it in."),
        "not_needed": _("This field belongs to %(other)s %(code)s only. Leave it out."),
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One rule that a statement breaks."""

    field: str
    code: str
    facts: Mapping[str, object]

    @property
    def sentence(self) -> str:
        return str(SENTENCES[self.code]) % self.facts if self.facts else str(SENTENCES[self.code])


def problems(statement: object) -> list[Problem]:
    """Every rule that a statement breaks, none twice; empty where it may be sent to the database."""
    if not isinstance(statement, Mapping):
        return [_problem("", "not_an_object")]
    found = [_problem(str(name)[:SHOWN], "unknown_field") for name in statement if name not in FIELDS]
    given = {name: statement[name] for name in FIELDS if is_given(statement.get(name))}
    found += [_problem(name, "required") for name in REQUIRED if name not in given]
    if not any(name in given for name in DECISIONS):
        found.append(_problem("decision_visibility", "no_decision"))
    for name, value in given.items():
        field = FIELDS[name]
        found += CHECKS[field.kind](name, value, field)
    return [*found, *_between_fields(given)]


def is_given(value: object) -> bool:
    """False for what counts as left out: null, an empty text, an empty list."""
    return value is not None and value not in ("", [])


def _between_fields(given: Mapping[str, Any]) -> Iterator[Problem]:
    for name, (other, code) in NEEDED_WITH.items():
        applies = _has(given.get(other), code)
        if applies and name not in given:
            yield _problem(name, "needed", other=other, code=code)
        if name in given and not applies:
            yield _problem(name, "not_needed", other=other, code=code)
    for name, (other, code) in ALLOWED_WITH.items():
        if name in given and not _has(given.get(other), code):
            yield _problem(name, "not_needed", other=other, code=code)


def _has(value: object, code: str) -> bool:
    return code in value if isinstance(value, list) else value == code


def _text(name: str, value: object, field: Field) -> Iterator[Problem]:
    if not isinstance(value, str) or _UNWRITABLE.search(value):
        yield _problem(name, "not_a_text")
    elif not value.strip():
        yield _problem(name, "required")
    elif len(value) > field.longest:
        yield _problem(name, "too_long", longest=field.longest)


def _url(name: str, value: object, field: Field) -> Iterator[Problem]:
    wrong = list(_text(name, value, field))
    yield from wrong
    if not wrong:
        try:
            _is_address(value)
        except ValidationError:
            yield _problem(name, "not_an_address")


def _puid(name: str, value: object, field: Field) -> Iterator[Problem]:
    wrong = list(_text(name, value, field))
    yield from wrong
    if not wrong and not _PUID.match(str(value)):
        yield _problem(name, "invalid_puid")


def _code(name: str, value: object, field: Field) -> Iterator[Problem]:
    if isinstance(value, str) and value in field.codes:
        return
    if not isinstance(value, str):
        yield _problem(name, "not_a_text")
    elif RENAMED.get(value) in field.codes:
        yield _problem(name, "renamed_code", value=value, new=RENAMED[value])
    elif value in REMOVED:
        yield _problem(name, "removed_code", value=value)
    elif value == Category.NOT_SPECIFIED_ORDER:
        yield _problem(name, "code_of_orders", value=value)
    else:
        yield _problem(name, "unknown_code", value=_shown(value))


def _codes(name: str, value: object, field: Field) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield _problem(name, "not_a_list")
        return
    for one in value:
        yield from _code(name, one, field)


def _day(name: str, value: object, field: Field) -> Iterator[Problem]:
    day = _read_day(value)
    if day is None:
        yield _problem(name, "not_a_date", value=_shown(value))
    elif not field.earliest <= day <= field.latest:
        yield _problem(name, "out_of_range", value=value, earliest=field.earliest, latest=field.latest)


def _read_day(value: object) -> date | None:
    if not isinstance(value, str) or not _DAY.match(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _content_id(name: str, value: object, field: Field) -> Iterator[Problem]:
    is_ours = isinstance(value, Mapping) and value.keys() == {EAN_13}
    number = value[EAN_13] if is_ours and isinstance(value, Mapping) else None
    if not isinstance(number, str) or not _EAN.match(number):
        yield _problem(name, "invalid_content_id")


def _anything(name: str, value: object, field: Field) -> Iterator[Problem]:
    yield from () if isinstance(value, str) and not _UNWRITABLE.search(value) else (_problem(name, "not_a_text"),)


CHECKS: Mapping[Kind, Callable[[str, object, Field], Iterator[Problem]]] = MappingProxyType(
    {
        Kind.TEXT: _text,
        Kind.URL: _url,
        Kind.PUID: _puid,
        Kind.CODE: _code,
        Kind.CODES: _codes,
        Kind.DAY: _day,
        Kind.CONTENT_ID: _content_id,
        Kind.ANYTHING: _anything,
    }
)


def _shown(value: object) -> str:
    text = _UNWRITABLE.sub("", str(value))
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _problem(field: str, rule: str, /, **facts: object) -> Problem:
    return Problem(field, rule, facts)

"""Every operation there is, read off the URL configuration: a new page is in the matrix without anyone remembering."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from tests.matrix.world import MISSING, MISSING_KEY, Thing

METHODS = ("get", "post")


@dataclass(frozen=True)
class Operation:
    """One URL pattern with one method. `parameters` are the names in its path."""

    name: str
    route: str
    method: str
    parameters: tuple[str, ...]

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/")

    def __str__(self) -> str:
        return f"{self.method} {self.name}"


def operations() -> list[Operation]:
    found = {}
    for name, route, entry in _patterns(get_resolver()):
        parameters = tuple(sorted(entry.pattern.converters or _regex_groups(entry)))
        for method in _methods(entry):
            found[(name, route, method)] = Operation(name, route, method, parameters)
    return list(found.values())


def _patterns(resolver: URLResolver, prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, route, entry.namespace or namespace)
        elif isinstance(entry, URLPattern):
            yield (f"{namespace}:{entry.name}" if namespace else str(entry.name)), route, entry


def _regex_groups(entry: URLPattern) -> list[str]:
    return list(getattr(entry.pattern, "regex", re.compile("")).groupindex)


def _methods(entry: URLPattern) -> tuple[str, ...]:
    actions = getattr(entry.callback, "actions", None)  # a router's: {"get": "list"}
    return tuple(method for method in actions if method != "head") if actions else METHODS


def values_for(operation: Operation, thing: Thing | None) -> dict[str, object]:
    """What to put into an operation's path to ask for this thing, or (None) for one that does not exist."""
    return {name: _value(operation, name, thing) for name in operation.parameters}


def _value(operation: Operation, name: str, thing: Thing | None) -> object:
    if name in {"endpoint", "delivery"}:
        return str(getattr(thing, name).public_id) if thing else MISSING_KEY
    return _usual_value(operation, name, thing)


def _usual_value(operation: Operation, name: str, thing: Thing | None) -> object:
    if name == "key" and "statement" in operation.name:
        kept = ("statement_file" if operation.name == "portal:statement-file" else "statement_export") if thing else ""
        return str(getattr(thing, kept).key) if kept else MISSING_KEY
    nouns = ("case", "item", "upload", "member", "token", "invitation", "deliver", "attachment", "template", "sheet")
    noun = next((n for n in nouns if n in operation.name), "referral")
    if name == "reference":
        kinds = {"case": ("case", "case"), "item": ("item", "item")}
        attribute, missing = kinds.get(noun, ("referral", "reference"))
        return getattr(thing, attribute).reference if thing else MISSING[missing]
    if name == "key":
        keyed = noun if noun in {"attachment", "sheet"} else "upload"
        return str(getattr(thing, keyed).key) if thing else MISSING_KEY
    if name in {"pk", "id"}:
        rows = {"member": "membership", "token": "token", "invitation": "invitation", "deliver": "delivery"}
        rows["template"] = "template"
        return getattr(thing, rows[noun]).pk if thing else MISSING["pk"]
    if name == "slug":
        return thing.referral.recipient.slug if thing else "no-such-platform"
    fixed = {"indicator": "I2", "token": "not-a-token", "uidb36": "1", "rest": "nowhere", "path": "nowhere"}
    return fixed[name]  # a KeyError here means: say above what stands for this new parameter

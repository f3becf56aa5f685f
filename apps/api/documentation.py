"""The OpenAPI document as a page: what a reader wants to know of each call, without a line of script."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Node = Mapping[str, Any]
DEEPEST = 3
ORDER = (
    "account",
    "cases",
    "referrals",
    "items",
    "statements",
    "platforms",
    "deliveries",
    "webhooks",
    "statistics",
    "clocks",
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of a sentence; `code` where the document has it between back-ticks."""

    text: str
    code: bool


Words = Sequence[Phrase]


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a body; `path` names the objects around it: `items[].url`."""

    path: str
    kind: str
    required: bool
    description: Words
    codes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    good: bool
    description: Words
    fields: Sequence[Field] = ()


@dataclass(frozen=True, slots=True)
class Call:
    id: str
    method: str
    path: str
    summary: str
    description: Sequence[Words]
    parameters: Sequence[Field]
    body: Sequence[Field]
    answers: Sequence[Answer]
    request: str = ""
    response: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    tag: str
    calls: Sequence[Call]


def groups(document: Node) -> list[Group]:
    """Every call of the document, by what it is about."""
    shapes = Shapes(document["components"]["schemas"])
    calls: dict[str, list[Call]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            calls.setdefault(operation["tags"][0], []).append(_call(path, method, operation, shapes))
    return [Group(tag, calls[tag]) for tag in sorted(calls, key=_place)]


def _place(tag: str) -> tuple[int, str]:
    return (ORDER.index(tag) if tag in ORDER else len(ORDER), tag)


def _call(path: str, method: str, operation: Node, shapes: "Shapes") -> Call:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    good = next(iter(operation["responses"].values())).get("content", {}).get("application/json", {})
    return Call(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=[_words(one) for one in operation["description"].split("\n\n")],
        parameters=[shapes.field(one["name"], one["schema"], one) for one in operation.get("parameters", ())],
        body=list(shapes.fields(body.get("schema", {}))),
        answers=[_answer(status, one, shapes) for status, one in operation["responses"].items()],
        request=_example(body),
        response=_example(good),
    )


def _answer(status: str, response: Node, shapes: "Shapes") -> Answer:
    """A good answer with its fields; an error is always a problem document."""
    good = status.startswith("2")
    schema = response.get("content", {}).get("application/json", {}).get("schema", {})
    return Answer(status, good, _words(response["description"]), list(shapes.fields(schema)) if good else ())


def _example(content: Node) -> str:
    for example in content.get("examples", {}).values():
        return json.dumps(example["value"], indent=2, ensure_ascii=False)
    return ""


class Shapes:
    """The document's named schemas, and how to say them in words."""

    def __init__(self, schemas: Node):
        self.schemas = schemas

    def fields(self, schema: Node, around: str = "", depth: int = 1) -> Iterator[Field]:
        """The fields of an object, those of the objects inside it right after each."""
        found = self._resolved(schema)
        for name, inner in found.get("properties", {}).items():
            path = f"{around}{name}"
            yield self.field(path, inner, {**inner, "required": name in found.get("required", ())})
            nested, mark = self._nested(inner)
            if nested and depth < DEEPEST:
                yield from self.fields(nested, f"{path}{mark}.", depth + 1)

    def field(self, path: str, schema: Node, said: Node) -> Field:
        codes = self._codes(schema)
        return Field(
            path, self.kind(schema), bool(said.get("required")), _words(str(said.get("description", ""))), codes
        )

    def kind(self, schema: Node) -> str:
        found = self._resolved(schema)
        kind = found.get("type", "object")
        kinds = [kind] if isinstance(kind, str) else list(kind)
        if "array" in kinds:
            return f"array of {self.kind(found['items'])}"
        words = " or ".join("code" if "enum" in found and one == "string" else one for one in kinds)
        if found.get("format") in {"date-time", "date"}:
            words = words.replace("string", found["format"])
        return f"{words} or null" if self._may_be_null(schema) and "null" not in words else words

    def name(self, schema: Node) -> str:
        return str(schema.get("$ref", "")).rpartition("/")[2]

    def _codes(self, schema: Node) -> Sequence[str]:
        found = self._resolved(schema)
        found = self._resolved(found["items"]) if "items" in found else found
        return [str(code) for code in found.get("enum", ()) if code is not None]

    def _nested(self, schema: Node) -> tuple[Node | None, str]:
        found = self._resolved(schema)
        if "items" in found:
            inner = self._resolved(found["items"])
            return (inner if "properties" in inner else None, "[]")
        return (found if "properties" in found else None, "")

    def _resolved(self, schema: Node) -> Node:
        """Past references, and past the `or null` around one."""
        for several in ("allOf", "oneOf", "anyOf"):
            if several in schema:
                return self._resolved(next(one for one in schema[several] if one.get("type") != "null"))
        if "$ref" in schema:
            return self._resolved(self.schemas[self.name(schema)])
        return schema

    def _may_be_null(self, schema: Node) -> bool:
        choices = schema.get("oneOf", ())
        return any(one.get("type") == "null" or self.name(one) == "NullEnum" for one in choices)


def _words(text: str) -> Words:
    return [Phrase(one, bool(place % 2)) for place, one in enumerate(text.split("`")) if one]

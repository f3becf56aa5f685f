"""The list of calls in docs/api.md, from the OpenAPI document: one line each, in the document's order."""

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

BASE = "/api/v1/"
KEY = "Idempotency-Key"
HEADING, NEXT = "## Every call\n", "\n## "
INTRODUCTION = f"""
Written from the OpenAPI document by `make schema`. Addresses follow `{BASE}`; ⚿ asks for an `{KEY}`. Which fields
each takes and gives is on the documentation page.
"""


def with_calls(text: str, document: Mapping[str, Any]) -> str:
    """The page with its list of calls brought up to date."""
    before, _heading, rest = text.partition(HEADING)
    after = rest.partition(NEXT)[2]
    return f"{before}{HEADING}{listed(document)}{NEXT}{after}"


def listed(document: Mapping[str, Any]) -> str:
    calls = sorted(_calls(document), key=lambda call: call[0])  # stable: by tag, then as they come
    parts = [INTRODUCTION]
    for tag, group in groupby(calls, key=lambda call: call[0]):
        rows = [f"| {address} | {what} | {permission} |" for _tag, address, what, permission in group]
        parts.append("\n".join([f"### {tag.capitalize()}", "", "| call | what | permission |", "|---|---|---|", *rows]))
    return "\n\n".join(part.strip("\n") for part in parts).join(("\n", "\n"))


def _calls(document: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    for path, methods in document["paths"].items():
        for method, call in methods.items():
            keyed = " ⚿" if any(one["name"] == KEY for one in call.get("parameters", ())) else ""
            address = f"`{method.upper()} {path.removeprefix(BASE)}`{keyed}"
            needed = re.search(r"permission (`\w+`)", call.get("description", ""))
            yield call["tags"][0], address, f"{call['summary']}.", needed[1] if needed else ""

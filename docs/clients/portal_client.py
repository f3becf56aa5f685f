#!/usr/bin/env python3
"""A client for platforms: read the worklist, acknowledge, answer in bulk. Standard library alone; copy it and go.

export PORTAL_URL=https://portal.example PORTAL_TOKEN=rp_…
python portal_client.py list
python portal_client.py acknowledge R-7KQ4-93DM-X
python portal_client.py answer answers.json        # {"answers": [{"item": "I-…", "outcome": "REMOVED", …}]}
python portal_client.py play five-hundred          # in a sandbox
"""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

AT_ONCE = 1000  # answers in one call
TRIES = 6
WORTH_RETRYING = frozenset({429, 500, 502, 503, 504})
STILL_AT_WORK = "idempotency_in_flight"


@dataclass
class Refused(Exception):
    """The portal said no. `code` is stable, `body` the whole problem document."""

    status: int
    code: str
    body: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.body.get('detail', '')}"


class Portal:
    def __init__(self, url: str, token: str):
        self.api = url.rstrip("/") + "/api/v1/"
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def items(self, **filters: str) -> Iterator[dict[str, Any]]:
        """The worklist, what is due first at its head; follows the pages to their end."""
        address = self.api + "items/?" + urllib.parse.urlencode({"page_size": "200", **filters})
        while address:
            page = self._send("GET", address)
            yield from page["results"]
            address = urllib.parse.urljoin(self.api, page["next"]) if page["next"] else ""

    def acknowledge(self, referral: str) -> dict[str, Any]:
        """Say that you work on it. Saying it again is refused with 409, which is no harm."""
        return self._send("POST", f"{self.api}referrals/{referral}/acknowledge/", {})

    def ask(self, referral: str, question: str) -> dict[str, Any]:
        """Ask the sender; your clock stops until it replies."""
        return self._send("POST", f"{self.api}referrals/{referral}/request-information/", {"text": question})

    def answer(self, answers: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Answer any number of items, a thousand a call; one result per answer, in order."""
        given = list(answers)
        for start in range(0, len(given), AT_ONCE):
            yield from self._send("POST", self.api + "items/answer/", {"answers": given[start : start + AT_ONCE]})[
                "rows"
            ]

    def play(self, scenario: str) -> list[str]:
        """In a sandbox: let the made-up sender act. The references it touched."""
        found: list[str] = self._send("POST", self.api + "sandbox/scenarios/", {"scenario": scenario})["referrals"]
        return found

    def proofs(self) -> list[dict[str, Any]]:
        """In a sandbox: what the portal has seen your system do."""
        found: list[dict[str, Any]] = self._send("GET", self.api + "sandbox/")["proofs"]
        return found

    def _send(self, method: str, address: str, body: Any = None) -> dict[str, Any]:
        """One call, tried again while that may help. Every try has the same key, so nothing happens twice."""
        headers = {**self.headers, "Idempotency-Key": str(uuid.uuid4())} if method == "POST" else self.headers
        data = None if body is None else json.dumps(body).encode()
        for number in range(TRIES):
            request = urllib.request.Request(address, data=data, headers=headers, method=method)
            try:
                with urllib.request.urlopen(request, timeout=60) as response:
                    found: dict[str, Any] = json.load(response)
                    return found
            except urllib.error.HTTPError as error:
                problem = _problem(error)
                again = error.code in WORTH_RETRYING or problem.code == STILL_AT_WORK
                if not again or number == TRIES - 1:
                    raise problem from None
                time.sleep(float(error.headers.get("Retry-After") or 2**number))
            except (urllib.error.URLError, TimeoutError, ConnectionError):
                if number == TRIES - 1:
                    raise
                time.sleep(2**number)
        raise AssertionError("the last try returns or raises")


def _problem(error: urllib.error.HTTPError) -> Refused:
    try:
        body = json.load(error)
    except ValueError:
        body = {}
    return Refused(error.code, str(body.get("code", "error")), body)


def main(act: str, *arguments: str) -> int:
    portal = Portal(os.environ["PORTAL_URL"], os.environ["PORTAL_TOKEN"])
    if act == "list":
        found: Any = list(portal.items(state="open"))
    elif act == "acknowledge":
        found = portal.acknowledge(arguments[0])
    elif act == "ask":
        found = portal.ask(arguments[0], arguments[1])
    elif act == "answer":
        with open(arguments[0], encoding="utf-8") as file:
            found = list(portal.answer(json.load(file)["answers"]))
    elif act == "play":
        found = portal.play(arguments[0])
    elif act == "proofs":
        found = portal.proofs()
    else:
        print(__doc__)
        return 2
    print(json.dumps(found, indent=2, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(*(sys.argv[1:] or ["help"])))
    except Refused as problem:
        sys.exit(f"Refused: {problem}")

"""Digests that anybody can work out again from the receipt's own data. Pure: plain values in, hexadecimal out.

A value is written as JSON with sorted keys, no spaces, UTF-8 (`canonical`). Each link of the chain is the SHA-256 of
the link before it, as 32 bytes, followed by the event; the first link follows the digest of the content.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def digest_of_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def chain(seed: str, events: Iterable[Mapping[str, Any]]) -> Sequence[str]:
    """One link for each event, oldest first. Whoever changes, drops or moves one changes every link after it."""
    links, last = [], bytes.fromhex(seed)
    for event in events:
        last = hashlib.sha256(last + canonical(event)).digest()
        links.append(last.hex())
    return links

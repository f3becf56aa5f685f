"""Host names of platforms: how they are written, and which of them belong together."""

import re
from functools import lru_cache

from ada_url import idna
from publicsuffixlist import PublicSuffixList

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?")
_DRESSED = re.compile(r"^[a-z][a-z0-9+.-]*://|[/?#].*$", re.IGNORECASE)


def read_host(text: str) -> str:
    """A host name as a person writes or pastes it (`https://Forum.example/start`), in lower-case ASCII; empty if none.

    A public suffix (`co.uk`) is none: everybody's content would lie under it.
    """
    bare = _DRESSED.sub("", text.strip()).rpartition("@")[2].partition(":")[0].strip(".").lower()
    if not bare.isascii():
        bare = idna.encode(bare).decode()
    is_host = len(bare) <= 253 and _HOST.fullmatch(bare) is not None
    return bare if is_host and _suffixes().privatesuffix(bare) else ""


def registrable(host: str) -> str:
    """The part of a host name that one party has registered: `example.org` of `www.example.org`."""
    return _suffixes().privatesuffix(host) or host


def is_on_own_domain(email: str, hosts: list[str]) -> bool:
    """Whether a mailbox lies under the registrable domain of one of these hosts."""
    mailbox = read_host(email.rpartition("@")[2])
    return bool(mailbox) and registrable(mailbox) in {registrable(host) for host in hosts}


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()

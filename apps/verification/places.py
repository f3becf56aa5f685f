"""What two addresses say by themselves: where a redirect leads, and what a made-up neighbour looks like."""

import hashlib
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

from ada_url import URL

from apps.organisations.hosts import registrable

_SIGN_IN = re.compile(r"/(?:log-?in|sign-?in|accounts?/login|auth|anmelden|connexion)(?:[/.?]|$)", re.IGNORECASE)
_ERROR = re.compile(r"/(?:404|not-?found|error|removed|deleted|unavailable)(?:[/.?]|$)", re.IGNORECASE)
_FRONT = re.compile(r"/(?:[a-z]{2}(?:[-_][a-z]{2})?/?|index\.\w+|home/?)?", re.IGNORECASE)


class Way:
    """From the address that was asked for to the one that answered; both are whole addresses."""

    def __init__(self, asked: str, end: str):
        self._start, self._end = URL(asked), URL(end)

    @property
    def has_moved(self) -> bool:
        """Not where only the scheme, a `www.` or the last slash changed."""
        return _essence(self._start) != _essence(self._end)

    @property
    def leaves_the_site(self) -> bool:
        return registrable(self._start.hostname) != registrable(self._end.hostname)

    @property
    def ends_at_sign_in(self) -> bool:
        return self._ends_like(_SIGN_IN)

    @property
    def ends_at_an_error_page(self) -> bool:
        return self._ends_like(_ERROR)

    @property
    def ends_at_the_front(self) -> bool:
        return _is_front(self._end) and not _is_front(self._start)

    def _ends_like(self, pattern: re.Pattern[str]) -> bool:
        return bool(pattern.search(self._end.pathname)) and not pattern.search(self._start.pathname)


def sibling_of(address: str) -> str:
    """A made-up address of the same form: other values in the query, or another last part of the path."""
    url = URL(address)
    if url.search:
        values = parse_qsl(url.search[1:], keep_blank_values=True)
        url.search = urlencode([(name, _made_up(value)) for name, value in values])
        return str(url.href)
    before, _slash, last = url.pathname.rstrip("/").rpartition("/")
    stem, dot, ending = last.partition(".")
    url.pathname = f"{before}/{_made_up(stem)}{dot}{ending}"
    return str(url.href)


def host_of(address: str) -> str:
    return str(URL(address).hostname)


def _made_up(value: str) -> str:
    return hashlib.sha256(f"made up: {value}".encode()).hexdigest()[: min(max(len(value), 8), 32)]


def _essence(url: Any) -> tuple[str, str, str]:
    return url.host.removeprefix("www.").removeprefix("m."), url.pathname.rstrip("/").lower(), url.search


def _is_front(url: Any) -> bool:
    return bool(_FRONT.fullmatch(url.pathname)) and not url.search

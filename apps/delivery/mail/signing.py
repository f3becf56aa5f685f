"""DKIM (RFC 6376), where a key is configured. Elsewhere the mail server signs, or nobody does."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import dkim
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

SIGNED_HEADERS = (
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"reply-to",
    b"mime-version",
    b"content-type",
    b"auto-submitted",
)


class Mail(EmailMultiAlternatives):
    """A mail that is signed as it leaves: `message()` gives bytes that no later step may change."""

    def message(self, *args: Any, **options: Any) -> Any:
        return _Sealed(super().message(*args, **options))


class _Sealed:
    """A composed message whose bytes begin with its signature; anything else is asked of the message itself."""

    def __init__(self, message: Any):
        self._message = message

    def as_bytes(self, unixfrom: bool = False, linesep: str = "\n") -> bytes:
        plain: bytes = self._message.as_bytes(linesep="\r\n")
        whole = signature(plain) + plain
        return whole if linesep == "\r\n" else whole.replace(b"\r\n", linesep.encode())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._message, name)

    def __getitem__(self, name: str) -> Any:
        return self._message[name]


def signature(message: bytes) -> bytes:
    """The header field that signs a message, with its line end; empty where no key is configured."""
    if not settings.DKIM_KEY_FILE:
        return b""
    signed: bytes = dkim.sign(
        message,
        settings.DKIM_SELECTOR.encode(),
        settings.DKIM_DOMAIN.encode(),
        _key(settings.DKIM_KEY_FILE),
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=list(SIGNED_HEADERS),
    )
    return signed


@lru_cache(maxsize=4)
def _key(path: str) -> bytes:
    return Path(path).read_bytes()

"""Cursors as strangers see them: sealed, so that they show no primary key and can neither be written nor lent.

Synthetic initialisation vector (RFC 5297) built of HMAC-SHA256: the tag over text and context is the start of the
key stream. The same place in the same list of the same organisation always gives the same cursor.
"""

import base64
import binascii
import hmac
from functools import cache

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.api.errors import BadRequest

TAG = 16


def seal(inner: str, *, context: str) -> str:
    text = inner.encode()
    tag = _mac("tag", context.encode() + b"\0" + text)[:TAG]
    return base64.urlsafe_b64encode(tag + _mask(text, tag)).decode().rstrip("=")


def unseal(cursor: str, *, context: str) -> str:
    """What was sealed for the same context; raises `BadRequest` for anything else."""
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _invalid() from None
    tag, text = sealed[:TAG], _mask(sealed[TAG:], sealed[:TAG])
    if not hmac.compare_digest(tag, _mac("tag", context.encode() + b"\0" + text)[:TAG]):
        raise _invalid()
    return text.decode()


def _mask(text: bytes, tag: bytes) -> bytes:
    stream = b"".join(_mac("stream", tag + bytes([block])) for block in range(len(text) // 32 + 1))
    return bytes(one ^ other for one, other in zip(text, stream, strict=False))


def _mac(purpose: str, message: bytes) -> bytes:
    return hmac.digest(_key(purpose), message, "sha256")


@cache
def _key(purpose: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), f"apps.api.cursors.{purpose}".encode(), "sha256")


def _invalid() -> BadRequest:
    return BadRequest(
        "invalid_cursor", _("This cursor is not one of this list. Start at the first page, without `cursor`.")
    )

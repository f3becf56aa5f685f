"""Secrets of endpoints at rest: AES-256-GCM under a key that follows from `SECRET_KEY` (docs/decisions/0005).

What is sealed for one row can be opened for that row alone. `SECRET_KEY_FALLBACKS` still open what they sealed.
"""

import os
from functools import cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"apps.delivery.webhooks.sealing"
NONCE = 12


class CannotUnseal(Exception):
    """No key of this portal opens it: `SECRET_KEY` was changed without keeping the old one as a fallback."""


def seal(secret: bytes, *, row: UUID) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + _cipher(settings.SECRET_KEY).encrypt(nonce, secret, row.bytes)


def unseal(sealed: bytes, *, row: UUID) -> bytes:
    nonce, text = bytes(sealed[:NONCE]), bytes(sealed[NONCE:])
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return _cipher(key).decrypt(nonce, text, row.bytes)
        except InvalidTag:
            continue
    raise CannotUnseal


@cache
def _cipher(key: str) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode()))

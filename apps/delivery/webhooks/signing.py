"""Signatures of Standard Webhooks: `v1` (HMAC-SHA256 with a shared secret) and `v1a` (Ed25519)."""

import base64
import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SECRET, PUBLIC = "whsec_", "whpk_"
BYTES = 32


@dataclass(frozen=True, slots=True)
class KeyPair:
    """One generation of keys, opened: the shared secret, and the private key whose public half is published."""

    secret: bytes
    private: bytes

    @property
    def shared(self) -> str:
        """As its owner keeps it, and as the libraries of Standard Webhooks take it."""
        return SECRET + _text(self.secret)

    @property
    def public(self) -> str:
        key = Ed25519PrivateKey.from_private_bytes(self.private).public_key()
        return PUBLIC + _text(key.public_bytes(Encoding.Raw, PublicFormat.Raw))

    def packed(self) -> bytes:
        return self.secret + self.private

    def signatures(self, content: bytes) -> tuple[str, str]:
        signed = Ed25519PrivateKey.from_private_bytes(self.private).sign(content)
        return f"v1,{_text(hmac.digest(self.secret, content, 'sha256'))}", f"v1a,{_text(signed)}"


def new_pair() -> KeyPair:
    return KeyPair(secrets.token_bytes(BYTES), secrets.token_bytes(BYTES))


def unpacked(packed: bytes) -> KeyPair:
    return KeyPair(packed[:BYTES], packed[BYTES:])


def headers_for(body: bytes, *, message: UUID, at: datetime, keys: Iterable[KeyPair]) -> Mapping[str, str]:
    """The three headers. The same message keeps its id at every try; the time is that of the try."""
    moment = str(int(at.timestamp()))
    content = b".".join((str(message).encode(), moment.encode(), body))
    signatures = [one for pair in keys for one in pair.signatures(content)]
    return {
        "webhook-id": str(message),
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(signatures),
    }


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()

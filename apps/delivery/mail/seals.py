"""Addresses and secrets that only this portal can have made. None of them is stored; all follow from `MAIL_KEY`.

`bounce+d1f…@` is where a mail server returns what it could not deliver, `reply+d1f…@` where a person's reply goes. The
last part is a seal over the first, so that nobody makes news up about a message whose address they have not seen.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

SEAL_BYTES = 10
PASSCODE_LENGTH = 8
PASSCODE_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOCAL_PART = re.compile(r"(?P<purpose>bounce|reply)\+(?P<thing>[dp])(?P<number>[0-9a-f]{1,16})-(?P<seal>[a-z2-7]{16})")


class Purpose(StrEnum):
    BOUNCE = "bounce"
    REPLY = "reply"


class Thing(StrEnum):
    DELIVERY = "d"
    PROBE = "p"


@dataclass(frozen=True, slots=True)
class Sealed:
    """What an address of ours says: what came back, and about which row."""

    purpose: Purpose
    thing: Thing
    number: int


def address_for(purpose: Purpose, thing: Thing, number: int) -> str:
    """The address that carries this news; empty where no mail comes in."""
    if not settings.INBOUND_MAIL_DOMAIN:
        return ""
    return f"{purpose}+{thing}{number:x}-{_seal(purpose, thing, number)}@{settings.INBOUND_MAIL_DOMAIN}"


def read_address(address: str) -> Sealed | None:
    """What an address of ours says; None for any other, or where the seal is broken. Letter case does not matter."""
    local, _, domain = address.strip().strip("<>").lower().rpartition("@")
    found = _LOCAL_PART.fullmatch(local)
    if found is None or domain != settings.INBOUND_MAIL_DOMAIN.lower():
        return None
    purpose, thing, number = Purpose(found["purpose"]), Thing(found["thing"]), int(found["number"], 16)
    whole = hmac.compare_digest(found["seal"], _seal(purpose, thing, number))
    return Sealed(purpose, thing, number) if whole and number < 2**63 else None


def link_secret(salt: bytes) -> str:
    """The secret part of a link, 256 bits: the same at every attempt to send it, and nowhere in the database."""
    return base64.urlsafe_b64encode(_mac(b"link", salt)).decode().rstrip("=")


def passcode(salt: bytes) -> str:
    """Eight symbols that people read off another message: `7KQ4-93DM`."""
    symbols = "".join(PASSCODE_SYMBOLS[byte % 32] for byte in _mac(b"passcode", salt)[:PASSCODE_LENGTH])
    return f"{symbols[:4]}-{symbols[4:]}"


def _seal(purpose: Purpose, thing: Thing, number: int) -> str:
    return base64.b32encode(_mac(purpose.encode(), f"{thing}{number}".encode())[:SEAL_BYTES]).decode().lower()


def _mac(use: bytes, over: bytes) -> bytes:
    return hmac.new(settings.MAIL_KEY.encode(), use + b":" + over, hashlib.sha256).digest()

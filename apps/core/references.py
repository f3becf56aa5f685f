"""References that people read out on the telephone: `R-7KQ4-93DM-X`.

A letter for the kind, random symbols of Crockford's base 32 (no I, L, O, U) in groups of four, and a check symbol of
the same alphabet. The check is a weighted sum in the field of 32 elements, a different weight at every place, the
letter included: one wrong symbol, or any two symbols exchanged, never gives another valid reference.
"""

import secrets
from functools import lru_cache

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP = 4

_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)}
_LETTERS = {letter: value for value, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATORS = str.maketrans("", "", "-‐‑‒–— \t\u00a0")
_SYMBOL_OF_BYTE = bytes(ord(ALPHABET[byte % 32]) for byte in range(256))
_LENGTHS = frozenset({1 + 8 + 1, 1 + 12 + 1})


def new_references(prefix: str, count: int, symbols: int = 8) -> list[str]:
    """`count` different random references. `symbols`: 8 (40 bits; referrals, cases) or 12 (60 bits; items).

    Uniqueness across calls is the unique constraint's: at a million rows one batch of 10,000 with 8 symbols meets an
    old one in a hundredth of cases, with 12 never.
    """
    references: dict[str, None] = {}
    while len(references) < count:
        references.update(dict.fromkeys(_draw(prefix, count - len(references), symbols)))
    return list(references)


def normalise(text: str) -> str | None:
    """The reference a person meant: any case, O for 0, I or L for 1, dashes missing. None where the check is wrong."""
    packed = text.translate(_SEPARATORS).upper()
    if len(packed) not in _LENGTHS:
        return None
    prefix = "I" if packed[0] in "1L" else packed[0]
    body = packed[1:].translate(_MISREAD)
    if prefix not in _LETTERS or not _VALUES.keys() >= set(body) or check_symbol(prefix, body[:-1]) != body[-1]:
        return None
    return _grouped(prefix, body[:-1], body[-1])


def check_symbol(prefix: str, body: str) -> str:
    check = _times_power(_LETTERS[prefix], len(body) + 1)
    for place, symbol in enumerate(body, start=1):
        check ^= _times_power(_VALUES[symbol], place)
    return ALPHABET[check]


def _draw(prefix: str, count: int, symbols: int) -> list[str]:
    """All references at once: the n-th symbols of all of them are one string of bytes, and their checks one sum."""
    drawn = secrets.token_bytes(count * symbols)
    checks = int.from_bytes(bytes([_times_power(_LETTERS[prefix], symbols + 1)]) * count)
    for place in range(1, symbols + 1):
        checks ^= int.from_bytes(drawn[place - 1 :: symbols].translate(_weighed(place)))
    bodies = drawn.translate(_SYMBOL_OF_BYTE).decode("ascii")
    marks = checks.to_bytes(count).translate(_SYMBOL_OF_BYTE).decode("ascii")
    starts = range(0, count * symbols, symbols)
    return [_grouped(prefix, bodies[start : start + symbols], mark) for start, mark in zip(starts, marks, strict=True)]


def _grouped(prefix: str, body: str, check: str) -> str:
    if len(body) == 2 * GROUP:
        return f"{prefix}-{body[:4]}-{body[4:]}-{check}"
    return "-".join([prefix, *(body[at : at + GROUP] for at in range(0, len(body), GROUP)), check])


@lru_cache
def _weighed(place: int) -> bytes:
    return bytes(_times_power(byte % 32, place) for byte in range(256))


@lru_cache(maxsize=1024)
def _times_power(value: int, place: int) -> int:
    """value · xᵖˡᵃᶜᵉ in the field of 32 elements (modulus x⁵ + x² + 1, so the 31 powers of x are all different)."""
    for _ in range(place):
        value <<= 1
        if value & 0b100000:
            value ^= 0b100101
    return value

"""Addresses out of the paste box: one on each line with a remark behind it, or anywhere in the text of a mail."""

import re
from dataclasses import dataclass, field

from apps.referrals.intake.addresses import AddressFlag, has_known_suffix, read_address
from apps.referrals.intake.decoding import TableRefused
from apps.referrals.intake.problems import RowError
from apps.referrals.intake.tables import MAX_LINES, MAX_ROWS

_QUOTING = re.compile(r"^(?:\s{0,8}>){1,20}\s?")
_BULLET = re.compile(r"^(?:[-*•–]|\d{1,5}[.)])\s+")
_IN_TEXT = re.compile(r"(?:\bh(?:tt|xx|\*\*)ps?(?:\[:\]|:)//|\bwww\.)[^\s<>\"“”«»]{1,9000}", re.IGNORECASE)
_TRAILING = frozenset(".,;:!?'’*_>\"”»")
_PAIRS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Paste:
    """`items`: for `read_rows`. `prose`: lines (from 1) with words and no address, to be shown as left out.

    `lines`: where each item stands, from 1.
    """

    items: list[dict[str, str]]
    prose: list[tuple[int, str]]
    lines: list[int] = field(default_factory=list)


def read_paste(text: str) -> Paste:
    """Every line that is not empty ends up in one of the two lists; a lone word that is no address is an item."""
    if text.count("\n") > MAX_LINES:
        raise TableRefused("too_many_rows")
    items: list[dict[str, str]] = []
    prose: list[tuple[int, str]] = []
    lines: list[int] = []
    for number, line in enumerate(text.splitlines(), start=1):
        found = _line(_BULLET.sub("", _QUOTING.sub("", line).strip()))
        items += found
        lines += [number] * len(found)
        if not found and line.strip(" \t>"):
            prose.append((number, line.strip()))
        if len(items) + len(prose) > MAX_ROWS:
            raise TableRefused("too_many_rows")
    return Paste(items, prose, lines)


def _line(line: str) -> list[dict[str, str]]:
    first, _space, rest = line.partition("\t") if "\t" in line else line.partition(" ")
    if not first:
        return []
    address = _trimmed(first)
    if not rest.strip() and not _IN_TEXT.search(line[1:]):
        return [{"url": address}]
    if _is_address(address) and not _IN_TEXT.search(rest):
        note = rest.strip(" \t,;:-–—#")
        return [{"url": address, "note": note}] if note else [{"url": address}]
    return [{"url": _trimmed(match[0])} for match in _IN_TEXT.finditer(line)]


def _is_address(word: str) -> bool:
    """In front of other words a bare `word.word` is an address only if its ending exists or a path follows."""
    found = read_address(word)
    if isinstance(found, RowError):
        return False
    return AddressFlag.SCHEME_ASSUMED not in found.flags or "/" in word or has_known_suffix(found.host)


def _trimmed(word: str) -> str:
    """Without the punctuation of the sentence around it; a bracket stays where the address opened it."""
    word = word.lstrip("<(\"“«'")
    unopened = {closing: word.count(closing) - word.count(opening) for closing, opening in _PAIRS.items()}
    end = len(word)
    while end:
        last = word[end - 1]
        if unopened.get(last, 0) > 0:
            unopened[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return word[:end]

"""Addresses out of the paste box: one on each line with a remark behind it, or anywhere in the text of a mail."""

import re
from dataclasses import dataclass, field

from apps.referrals.intake.addresses import AddressFlag, has_known_suffix, read_address
from apps.referrals.intake.problems import RowError
from apps.referrals.intake.tables import MAX_ROWS, TableRefused

_QUOTING = re.compile(r"^(?:\s{0,8}>){1,20}\s?")
_BULLET = re.compile(r"^(?:[-*•–]|\d{1,5}[.)])\s+")
_IN_TEXT = re.compile(r"(?:\bh(?:tt|xx|\*\*)ps?(?:\[:\]|:)//|\bwww\.)[^\s<>\"“”«»]{1,9000}", re.IGNORECASE)
_TRAILING = ".,;:!?'’*_"
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
    items: list[dict[str, str]] = []
    prose: list[tuple[int, str]] = []
    lines: list[int] = []
    for number, line in enumerate(text.splitlines(), start=1):
        found = _line(_BULLET.sub("", _QUOTING.sub("", line).strip()))
        items += found
        lines += [number] * len(found)
        if not found and line.strip(" \t>"):
            prose.append((number, line.strip()))
        if len(items) > MAX_ROWS:
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
    while word and (word[-1] in _TRAILING or word[-1] in '>"”»' or _closes_nothing(word)):
        word = word[:-1]
    return word


def _closes_nothing(word: str) -> bool:
    opening = _PAIRS.get(word[-1])
    return opening is not None and word.count(word[-1]) > word.count(opening)

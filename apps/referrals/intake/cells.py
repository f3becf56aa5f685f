"""Cells that a spreadsheet shows and never runs (ASVS 1.2.10): an apostrophe goes before what begins a formula."""

import re

_FORMULA = re.compile(r"[\s\x00\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r\n\x00]")
_GUARDED = re.compile(r"'+(?:[\s\x00\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r\n\x00])")


def guarded(cell: str) -> str:
    """The cell, made harmless. One that already begins with apostrophes before a formula gets one more."""
    return f"'{cell}" if _FORMULA.match(cell) or _GUARDED.match(cell) else cell


def is_guarded(cell: str) -> bool:
    return _GUARDED.match(cell) is not None


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if is_guarded(cell) else cell

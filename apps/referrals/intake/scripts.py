"""Host names that look like another one: letters of several scripts in one label, or a whole label of look-alikes."""

import unicodedata
from functools import lru_cache

# Scripts that belong together in one word (Unicode Technical Standard 39, highly restrictive).
_TOGETHER = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
)

# Cyrillic and Greek small letters that any font draws like a Latin one.
_LOOKALIKES = frozenset("асеорхуіјѕԁһӏԛԝοαρν")


def mixes_scripts(label: str) -> bool:
    found = {_script(character) for character in label if character.isalpha()}
    return len(found) > 1 and not any(found <= together for together in _TOGETHER)


def imitates_latin(label: str) -> bool:
    """Every letter is a look-alike: `раураl` in Cyrillic reads like the Latin word."""
    letters = [character for character in label if character.isalpha()]
    return bool(letters) and _LOOKALIKES.issuperset(letters)


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    return unicodedata.name(character, "UNKNOWN").partition(" ")[0]

"""What is read off a page to tell what has become of it. None of it is kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

HEADINGS = frozenset({"h1", "h2"})
UNSEEN = frozenset({"script", "style", "template", "svg", "noscript"})
MEDIA = frozenset({"img", "video", "audio", "embed", "object", "picture"})
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w+")
_CHARSET = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """Text in lower case with plain apostrophes and single spaces. `head` is the title with the headings."""

    head: str
    text: str
    has_password: bool = False
    has_media: bool = False
    has_scripts: bool = False
    refreshes: bool = False

    @property
    def words(self) -> frozenset[str]:
        return frozenset(_WORD.findall(f"{self.head} {self.text}"))

    def is_like(self, other: "Reading") -> bool:
        """Whether two pages say the same, but for a word or two (the address that was asked for, say)."""
        mine, theirs = self.words, other.words
        return len(mine & theirs) >= 0.9 * len(mine | theirs) and abs(len(self.head) - len(other.head)) < 40


def read_html(body: bytes, media_type: str) -> Reading:
    """The text of a page, or of as much of it as was fetched; broken pages are read as far as they go."""
    reader = _Reader()
    reader.feed(_decoded(body, media_type))
    reader.close()
    return Reading(
        head=plain(reader.head),
        text=plain(reader.text),
        has_password=reader.has_password,
        has_media=reader.has_media,
        has_scripts=reader.has_scripts,
        refreshes=reader.refreshes,
    )


def plain(parts: Sequence[str]) -> str:
    return _SPACE.sub(" ", " ".join(parts)).strip().lower().replace("’", "'").replace("ʼ", "'")


def _decoded(body: bytes, media_type: str) -> str:
    named = _CHARSET.search(media_type.encode()) or _CHARSET.search(body[:2048])
    try:
        return body.decode(named[1].decode() if named else "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.head: list[str] = []
        self.text: list[str] = []
        self.has_password = self.has_media = self.has_scripts = self.refreshes = False
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: (value or "").lower() for name, value in attrs}
        self.has_scripts |= tag == "script"
        self.has_media |= tag in MEDIA
        self.has_password |= tag == "input" and facts.get("type") == "password"
        self.refreshes |= tag == "meta" and facts.get("http-equiv") == "refresh"
        if tag in UNSEEN | HEADINGS | {"title"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            del self._open[len(self._open) - 1 - self._open[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if UNSEEN & set(self._open):
            return
        self.text.append(data)
        if self._open:
            self.head.append(data)

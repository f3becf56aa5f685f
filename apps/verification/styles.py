"""From what a server answered to what that means: pure, and cautious.

`gone` is only said where the server or the page says so, `still there` only where the page is unlike that of a made-up
address; whatever could be either is unclear, and for a person to look at. The table is in docs/verification.md.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType

from apps.verification import words
from apps.verification.findings import Finding, Reason
from apps.verification.places import Way
from apps.verification.reading import Reading

VERSION = "1"
SHORT = 800  # visible characters: what a page of this length says is about itself
SHELL, EMPTY = 200, 20
_FILE = re.compile(r"(?:image|video|audio|font)/|application/(?:pdf|zip|octet-stream)", re.IGNORECASE)
_TEXT = re.compile(r"text/(?:html|plain)|application/xhtml\+xml|$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The last answer on the way from an address; `address` is the one that gave it."""

    address: str
    status: int
    media_type: str = ""
    size: str = ""
    is_encoded: bool = False
    reading: Reading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look brought back: an answer, or the reason why there is none. `sibling`: a made-up address's."""

    asked: str
    answer: Answer | None = None
    failure: str = ""
    hops: int = 0
    sibling: Answer | None = None
    compared: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """`is_doubtful`: a look at a made-up address of the same host could tell."""

    finding: Finding
    reason: Reason
    is_doubtful: bool = False


BY_STATUS = MappingProxyType(
    {
        401: Judgement(Finding.LOGIN_WALL, Reason.SIGN_IN),
        404: Judgement(Finding.GONE, Reason.STATUS_404),
        407: Judgement(Finding.LOGIN_WALL, Reason.SIGN_IN),
        410: Judgement(Finding.GONE, Reason.STATUS_410),
        451: Judgement(Finding.GEO_BLOCKED, Reason.STATUS_451),
    }
)
IN_DOUBT = Judgement(Finding.UNCLEAR, Reason.IN_DOUBT, is_doubtful=True)


def judge(look: Look) -> Judgement:
    answer = look.answer
    if answer is None:
        return _without_answer(Reason(look.failure))
    return (
        _by_status(answer)
        or _by_place(look.asked, answer)
        or _by_form(answer)
        or _by_words(answer.reading)
        or _by_way(look.asked, answer)
        or _by_comparison(look, answer)
    )


def _without_answer(reason: Reason) -> Judgement:
    redirects = {Reason.TOO_MANY_REDIRECTS, Reason.ADDRESS_REFUSED}
    return Judgement(Finding.UNCLEAR if reason in redirects else Finding.UNREACHABLE, reason)


def _by_status(answer: Answer) -> Judgement | None:
    if 200 <= answer.status < 300:
        return None
    if answer.status == 429 or answer.status >= 500:
        return Judgement(Finding.UNREACHABLE, Reason.OVERLOADED)
    found = BY_STATUS.get(answer.status)
    said = _by_words(answer.reading)
    if found and found.finding != Finding.GONE:
        return found
    if found:
        return said if _is_explained(said) else found
    if said and said.finding != Finding.UNCLEAR:
        return said
    return Judgement(Finding.UNCLEAR, Reason.REFUSED if answer.status >= 400 else Reason.UNREADABLE)


def _by_place(asked: str, answer: Answer) -> Judgement | None:
    """Where redirects led to, as far as the address alone tells."""
    way, said = Way(asked, answer.address), _by_words(answer.reading)
    if not way.has_moved:
        return None
    if way.ends_at_sign_in:
        return Judgement(Finding.LOGIN_WALL, Reason.SIGN_IN)
    if way.leaves_the_site:
        is_parked = said is not None and said.finding == Finding.PARKED
        return said if is_parked else Judgement(Finding.REDIRECTED_AWAY, Reason.OTHER_HOST)
    if way.ends_at_an_error_page:
        return said if _is_explained(said) else Judgement(Finding.SOFT_NOT_FOUND, Reason.NOT_FOUND_ADDRESS)
    return Judgement(Finding.REDIRECTED_AWAY, Reason.FRONT_PAGE) if way.ends_at_the_front else None


def _by_way(asked: str, answer: Answer) -> Judgement | None:
    """A redirect to another page of the same site: what stands there is not what was asked for."""
    if Way(asked, answer.address).has_moved:
        return Judgement(Finding.REDIRECTED_AWAY, Reason.OTHER_PAGE)
    return None


def _is_explained(said: Judgement | None) -> bool:
    return said is not None and said.finding in {Finding.TOMBSTONE, Finding.GEO_BLOCKED}


def _by_form(answer: Answer) -> Judgement | None:
    if answer.is_encoded:
        return Judgement(Finding.UNCLEAR, Reason.UNREADABLE)
    if _FILE.match(answer.media_type) or _TEXT.match(answer.media_type):
        return None
    return Judgement(Finding.UNCLEAR, Reason.UNREADABLE)


def _by_words(reading: Reading | None) -> Judgement | None:
    """What the page says of itself: in its title and headings, or anywhere if it is short."""
    if reading is None:
        return None
    said = reading.text if len(reading.text) <= SHORT else reading.head
    said = f"{reading.head} {said}"
    for phrases, finding, reason in (
        (words.BOTS, Finding.UNCLEAR, Reason.BOT_WALL),
        (words.PLACE, Finding.GEO_BLOCKED, Reason.PLACE_NOTICE),
        (words.REMOVED, Finding.TOMBSTONE, Reason.REMOVAL_NOTICE),
        (words.NOT_FOUND, Finding.SOFT_NOT_FOUND, Reason.NOT_FOUND_NOTICE),
        (words.PARKING, Finding.PARKED, Reason.PARKING_PAGE),
        (words.SIGN_IN, Finding.LOGIN_WALL, Reason.SIGN_IN),
    ):
        if any(phrase in said for phrase in phrases):
            return Judgement(finding, reason)
    if reading.has_password and len(reading.text) <= SHORT:
        return Judgement(Finding.LOGIN_WALL, Reason.SIGN_IN)
    return _by_emptiness(reading)


def _by_emptiness(reading: Reading) -> Judgement | None:
    if reading.refreshes:
        return Judgement(Finding.UNCLEAR, Reason.IN_DOUBT)
    if reading.has_media or len(reading.text) > SHELL:
        return None
    if reading.has_scripts:
        return Judgement(Finding.UNCLEAR, Reason.NEEDS_SCRIPTS)
    return Judgement(Finding.UNCLEAR, Reason.EMPTY) if len(reading.text) < EMPTY else None


def _by_comparison(look: Look, answer: Answer) -> Judgement:
    """The page says nothing of itself: is it any different from that of an address nobody ever had?"""
    if not look.compared:
        return IN_DOUBT
    sibling, reading = look.sibling, answer.reading
    mentions = reading is not None and any(one in reading.text for one in (*words.NOT_FOUND, *words.REMOVED))
    there = Judgement(Finding.STILL_THERE, Reason.PAGE if reading else Reason.FILE)
    if sibling is None or sibling.status == 429 or sibling.status >= 500:
        return Judgement(Finding.UNCLEAR, Reason.IN_DOUBT)
    if sibling.status >= 400:
        return there
    if not _is_same(answer, sibling):
        return Judgement(Finding.UNCLEAR, Reason.IN_DOUBT) if mentions else there
    return Judgement(Finding.SOFT_NOT_FOUND if mentions else Finding.UNCLEAR, Reason.LIKE_MADE_UP)


def _is_same(answer: Answer, sibling: Answer) -> bool:
    if answer.reading and sibling.reading:
        return answer.reading.is_like(sibling.reading)
    facts = (answer.media_type, answer.size, answer.reading is None)
    return facts == (sibling.media_type, sibling.size, sibling.reading is None)

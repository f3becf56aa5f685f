"""One look at one address: a few guarded requests, one after the other, of which only facts are kept."""

from dataclasses import replace
from urllib.parse import urljoin

from django.conf import settings

from apps.delivery.outgoing import AddressRefused, Fetched, NoAnswer, fetch, read_page
from apps.verification.findings import Reason
from apps.verification.places import sibling_of
from apps.verification.reading import read_html
from apps.verification.styles import Answer, Judgement, Look, judge

MOST_HOPS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
CLEAR_BY_HEAD = REDIRECTS | {451}
HARMLESS_FAILURES = frozenset({"connection"})  # some servers hang up on HEAD
PAGES = ("text/html", "text/plain", "application/xhtml+xml")


def look_at(address: str) -> tuple[Look, Judgement]:
    """Look, and where the answer leaves a doubt, look at a made-up address of the same host as well."""
    found = _follow(address)
    verdict = judge(found)
    if verdict.is_doubtful and found.answer is not None:
        made_up = _follow(sibling_of(found.answer.address))
        found = replace(found, sibling=made_up.answer, compared=True)
        verdict = judge(found)
    return found, verdict


def _follow(address: str) -> Look:
    """Ask, and go where redirects lead, at most three times; each address is guarded anew."""
    at, hops = address, 0
    try:
        at = read_page(address)
        while True:
            fetched = _ask(at)
            target = fetched.headers.get("location", "") if fetched.status in REDIRECTS else ""
            if not target:
                return Look(asked=address, answer=_answer(at, fetched), hops=hops)
            if hops == MOST_HOPS:
                return Look(asked=address, failure=Reason.TOO_MANY_REDIRECTS.value, hops=hops)
            at, hops = read_page(urljoin(at, target)), hops + 1
    except AddressRefused:
        return Look(asked=address, failure=Reason.ADDRESS_REFUSED.value, hops=hops)
    except NoAnswer as problem:
        return Look(asked=address, failure=problem.code, hops=hops)


def _ask(address: str) -> Fetched:
    """HEAD first: where that tells enough, or it is no page, nothing of the content is fetched."""
    try:
        head = _fetch("HEAD", address)
    except NoAnswer as problem:
        if problem.code not in HARMLESS_FAILURES:
            raise
    else:
        is_file = 200 <= head.status < 300 and not _is_page(head)
        if head.status in CLEAR_BY_HEAD or is_file:
            return head
    return _fetch("GET", address)


def _fetch(method: str, address: str) -> Fetched:
    return fetch(
        method,
        address,
        agent=settings.CHECKER_AGENT,
        proxy=settings.CHECKER_PROXY_URL,
        seconds=settings.CHECKER_SECONDS,
    )


def _answer(address: str, fetched: Fetched) -> Answer:
    media_type = fetched.headers.get("content-type", "")
    is_encoded = fetched.headers.get("content-encoding", "identity").lower() not in {"", "identity"}
    readable = _is_page(fetched) and not is_encoded and fetched.body
    return Answer(
        address=address,
        status=fetched.status,
        media_type=media_type,
        size=fetched.headers.get("content-length", ""),
        is_encoded=is_encoded,
        reading=read_html(fetched.body, media_type) if readable else None,
    )


def _is_page(fetched: Fetched) -> bool:
    media_type = fetched.headers.get("content-type", "").lower()
    return not media_type or media_type.startswith(PAGES)

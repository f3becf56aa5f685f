import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import requests
from django.conf import settings
from requests_hardened.ip_filter import InvalidIPAddress
from urllib3.exceptions import HTTPError

from apps.delivery.outgoing.deadline import Deadline
from apps.delivery.outgoing.sessions import AGENT, session

CONNECT_SECONDS = 5
SECONDS = 15  # from the first look at the name to the last byte of the answer
MOST_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the first 16 KiB of the body, and how long to wait if the other side said so."""

    status: int
    body: bytes
    retry_after: str = ""


class NoAnswer(Exception):
    """No answer came. `code`: forbidden, name, tls, timeout, or connection."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float = SECONDS) -> Answer:
    """Send JSON and read the answer; raises `NoAnswer`. Redirects are an answer, and are not followed."""
    talker = session(os.getpid(), settings.OUTGOING_MAY_REACH_LOOPBACK)
    with Deadline(seconds) as deadline:
        try:
            limits = (min(CONNECT_SECONDS, seconds), seconds)
            with talker.send(_filled(_blank(talker, url), body, headers), stream=True, timeout=limits) as response:
                found = response.raw.read(MOST_BYTES, decode_content=False)
                deadline.keep()
                return Answer(response.status_code, found, response.headers.get("Retry-After", ""))
        except (requests.RequestException, HTTPError, OSError) as problem:
            raise NoAnswer("timeout" if deadline.is_over else code_of(problem)) from problem


@lru_cache(maxsize=256)
def _blank(talker: requests.Session, url: str) -> requests.PreparedRequest:
    """A post to this address without its message: reading the address and merging settings cost as much as sending."""
    same = {"Content-Type": "application/json", "User-Agent": AGENT, "Accept-Encoding": "identity"}
    return talker.prepare_request(requests.Request("POST", url, headers=same))


def _filled(blank: requests.PreparedRequest, body: bytes, headers: Mapping[str, str]) -> requests.PreparedRequest:
    message = blank.copy()
    message.headers.update(headers)
    message.prepare_body(body, None)
    return message


def code_of(problem: BaseException) -> str:
    if isinstance(problem, InvalidIPAddress | requests.exceptions.InvalidURL):
        return "forbidden"
    if isinstance(problem, requests.Timeout):
        return "timeout"
    if isinstance(problem, requests.exceptions.SSLError | ssl.SSLError):
        return "tls"
    return "name" if "resolve domain" in str(problem) else "connection"

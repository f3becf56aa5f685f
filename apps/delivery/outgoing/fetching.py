import os
from collections.abc import Mapping
from dataclasses import dataclass

import requests
from django.conf import settings
from urllib3.exceptions import HTTPError

from apps.delivery.outgoing.deadline import Deadline
from apps.delivery.outgoing.posting import CONNECT_SECONDS, SECONDS, NoAnswer, code_of
from apps.delivery.outgoing.sessions import page_session

MOST_BYTES = 64 * 1024
KEPT = ("content-type", "content-encoding", "content-length", "location")


@dataclass(frozen=True, slots=True)
class Fetched:
    """The status, the few headers that are `KEPT` (in lower case), and at most 64 KiB of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


def fetch(method: str, url: str, *, agent: str, proxy: str = "", seconds: float = SECONDS) -> Fetched:
    """Look at a page (`HEAD` or `GET`); raises `NoAnswer`. A redirect is an answer. No cookie is kept or sent.

    Without a proxy the name is looked up here and whatever leads inside is refused; with one, that is its task.
    """
    talker = page_session(os.getpid(), settings.OUTGOING_MAY_REACH_LOOPBACK, agent, proxy)
    sent = {"Accept": "text/html,*/*;q=0.5", "Accept-Encoding": "identity", "Connection": "close"}
    with Deadline(seconds) as deadline:
        try:
            limits = (min(CONNECT_SECONDS, seconds), seconds)
            with talker.request(method, url, headers=sent, stream=True, timeout=limits) as response:
                found = response.raw.read(MOST_BYTES, decode_content=False) if method == "GET" else b""
                deadline.keep()
                return Fetched(response.status_code, _kept(response), found)
        except (requests.RequestException, HTTPError, OSError) as problem:
            raise NoAnswer("timeout" if deadline.is_over else code_of(problem)) from problem


def _kept(response: requests.Response) -> Mapping[str, str]:
    return {name: response.headers[name][:8192] for name in KEPT if name in response.headers}

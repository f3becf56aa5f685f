"""A letter as it came in, taken apart without trusting any of it."""

import email
import email.policy
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parseaddr
from enum import StrEnum
from html.parser import HTMLParser

from apps.delivery.mail.reports import Report, reports_in

TEXT_LENGTH = 20_000
MOST_PARTS = 100
MOST_HOPS = 50
ATTACHMENT_BYTES = 5 * 1024 * 1024
KEPT_TYPES = frozenset({"application/pdf", "text/plain", "text/csv", "application/json", "image/png", "image/jpeg"})
_QUOTE_BEGINS = re.compile(
    r"^(>|-{2,} ?(original|forwarded|ursprüngliche|message d'origine)|_{10,}|on .{5,200} wrote:|am .{5,200} schrieb"
    r"|le .{5,200} a écrit|(from|von|de): .+@)",
    re.IGNORECASE,
)


class Kind(StrEnum):
    REPORT = "report"  # a mail server's: RFC 3464
    AUTOMATIC = "automatic"  # a machine's: out of office, a list, a loop
    REPLY = "reply"  # a person's


class Unreadable(Exception):
    """The letter cannot be taken apart; the reason is for the list of such letters."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that came with a letter. `kept`: of a type and size that may be handed on."""

    name: str
    content_type: str
    size: int
    kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    kind: Kind
    sender: str
    subject: str
    text: str
    message_id: str
    answers_to: Sequence[str]
    recipients: Sequence[str]
    reports: Sequence[Report]
    enclosed: Sequence[Enclosed]


def take_apart(raw: bytes) -> Letter:
    """Read a letter; raises `Unreadable`. `text` is what the person wrote, without what they quoted."""
    try:
        parsed = email.message_from_bytes(raw, policy=email.policy.default)
        if not isinstance(parsed, EmailMessage) or not parsed.keys():
            raise Unreadable("no_headers")
        return _letter(parsed)
    except (MessageError, ValueError, LookupError, AttributeError, TypeError, RecursionError) as problem:
        raise Unreadable(type(problem).__name__) from problem


def _letter(parsed: EmailMessage) -> Letter:
    if sum(1 for _part in parsed.walk()) > MOST_PARTS:
        raise Unreadable("too_many_parts")
    reports = reports_in(parsed)
    answers_to = re.findall(r"<[^<>\s]{3,250}>", f"{parsed.get('In-Reply-To', '')} {parsed.get('References', '')}")
    named = [str(value) for name in ("To", "Cc", "Delivered-To", "X-Original-To") for value in parsed.get_all(name, [])]
    return Letter(
        kind=Kind.REPORT if reports else Kind.AUTOMATIC if _is_automatic(parsed) else Kind.REPLY,
        sender=_one_line(parseaddr(str(parsed.get("From", "")))[1], 254).lower(),
        subject=_one_line(str(parsed.get("Subject", "")), 300),
        text=without_quotes(_text(parsed)),
        message_id=_one_line(str(parsed.get("Message-ID", "")), 254),
        answers_to=answers_to[:50],
        recipients=[address for value in named for address in re.findall(r"[^\s<>,;:\"]+@[^\s<>,;:\"]+", value)][:50],
        reports=reports,
        enclosed=[_enclosed(part) for part in parsed.iter_attachments()] if parsed.is_multipart() else [],
    )


def _is_automatic(parsed: EmailMessage) -> bool:
    """RFC 3834, and what came before it. A letter that has been around too often is a loop."""
    submitted = str(parsed.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    precedence = str(parsed.get("Precedence", "")).strip().lower()
    marks = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From", "List-Id", "X-Loop")
    return (
        submitted != "no"
        or precedence in {"bulk", "junk", "list", "auto_reply"}
        or any(name in parsed for name in marks)
        or str(parsed.get("Return-Path", "")).strip() == "<>"
        or parsed.get_content_type() == "multipart/report"
        or len(parsed.get_all("Received", [])) > MOST_HOPS
    )


def _text(parsed: EmailMessage) -> str:
    body = parsed.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    content = str(body.get_content())
    if body.get_content_type() == "text/html":
        content = _words_of(content)
    return content.replace("\x00", "")[:TEXT_LENGTH]


def without_quotes(text: str) -> str:
    """What somebody wrote above what they quoted, and above their signature."""
    kept = []
    for line in text.splitlines():
        if line.rstrip() == "--" or _QUOTE_BEGINS.match(line.strip()[:300]):
            break
        kept.append(line.rstrip())
    return "\n".join(kept).strip()


def _enclosed(part: EmailMessage) -> Enclosed:
    payload = part.get_payload(decode=True)
    size = len(payload) if isinstance(payload, bytes) else 0
    kind = part.get_content_type()
    return Enclosed(
        _one_line(part.get_filename() or "", 200), kind, size, kind in KEPT_TYPES and 0 < size <= ATTACHMENT_BYTES
    )


def _one_line(value: str, length: int) -> str:
    return " ".join(value.replace("\x00", "").split())[:length]


class _Words(HTMLParser):
    BLOCKS = frozenset({"p", "div", "br", "tr", "li", "blockquote"})
    UNSEEN = frozenset({"script", "style", "head"})

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in self.UNSEEN
        if tag in self.BLOCKS:
            self.parts.append("\n> " if tag == "blockquote" else "\n")

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in self.UNSEEN and self.unseen > 0

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(" ".join(data.split()))


def _words_of(html: str) -> str:
    reader = _Words()
    reader.feed(html[: TEXT_LENGTH * 5])
    return "".join(reader.parts)

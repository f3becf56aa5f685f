"""Delivery status notifications (RFC 3464): what a mail server says became of a message."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message
from enum import StrEnum

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


class Action(StrEnum):
    """RFC 3464, 2.3.3. `relayed` and `expanded`: left for where no more is heard."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"


@dataclass(frozen=True, slots=True)
class Report:
    """What one recipient's server said. `message_id`: of the message that is reported on, where it was returned."""

    action: Action
    status: str
    recipient: str
    diagnostic: str
    message_id: str

    @property
    def is_final(self) -> bool:
        """A failure with a status of class 4 is one that the server gave up on: final all the same."""
        return self.action is not Action.DELAYED


def reports_in(letter: Message) -> list[Report]:
    """Every report in a letter, also one that was forwarded inside another letter."""
    message_id = _returned_message_id(letter)
    return [
        report
        for part in letter.walk()
        if part.get_content_type() in {"message/delivery-status", "message/global-delivery-status"}
        for fields in _recipients(part)
        if (report := _report(fields, message_id))
    ]


def _recipients(part: Message) -> Iterator[Message]:
    """The groups of fields after the first, which is about the message as a whole."""
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (fields for fields in payload if isinstance(fields, Message) and fields.get("Action"))


def _report(fields: Message, message_id: str) -> Report | None:
    try:
        action = Action(str(fields.get("Action", "")).strip().split()[0].lower())
    except (ValueError, IndexError):
        return None
    found = _STATUS.search(str(fields.get("Status", "")))
    recipient = fields.get("Original-Recipient") or fields.get("Final-Recipient") or ""
    return Report(
        action,
        found.group() if found else "",
        _address(str(recipient)),
        " ".join(str(fields.get("Diagnostic-Code", "")).split())[:300],
        message_id,
    )


def _address(value: str) -> str:
    """`rfc822; someone@example.org` → the address."""
    return value.rpartition(";")[2].strip().strip("<>").lower()[:254]


def _returned_message_id(letter: Message) -> str:
    """The Message-ID of what came back: the last one in the letter that is not the letter's own."""
    found = ""
    for part in letter.walk():
        if part.get_content_type() in {"text/rfc822-headers", "message/rfc822-headers"}:
            found = _header_in_text(part) or found
        elif part is not letter and part.get("Message-ID"):
            found = str(part["Message-ID"]).strip()
    return found


def _header_in_text(part: Message) -> str:
    content = part.get_content() if isinstance(part, EmailMessage) else part.get_payload(decode=True)
    text = content.decode("latin-1") if isinstance(content, bytes) else str(content)
    found = re.search(r"^Message-ID:\s*(\S+)", text, re.IGNORECASE | re.MULTILINE)
    return found.group(1) if found else ""

"""What an endpoint's answer means for the message and for the endpoint: the table of docs/webhooks.md, as code."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from apps.delivery import reasons
from apps.delivery.outgoing import Answer, NoAnswer

TRIES_WHERE_REFUSED = 4
LONGEST_WAIT = 86_400
THROTTLED_SECONDS = 60
THROTTLES = frozenset({429, 502, 503, 504})
PASSING = frozenset({408, 425})  # client errors that a later try may not meet again
NO_ANSWERS = {
    "timeout": reasons.TIMED_OUT,
    "tls": reasons.NO_TLS,
    "name": reasons.NO_NAME,
    "connection": reasons.NO_CONNECTION,
    "forbidden": reasons.FORBIDDEN,
}


class Outcome(StrEnum):
    TAKEN = "taken"
    LATER = "later"  # try this message again
    THROTTLED = "throttled"  # try again, and leave the endpoint alone until then
    REFUSED = "refused"  # never this message to this endpoint
    GONE = "gone"  # never anything to this endpoint: it says so
    FORBIDDEN = "forbidden"  # never anything to this endpoint: it leads inside


@dataclass(frozen=True, slots=True)
class Verdict:
    """`wait`: what the endpoint asked for in `Retry-After`, in seconds; None where it asked nothing."""

    outcome: Outcome
    code: str
    detail: str = ""
    wait: float | None = None


def verdict_on(answer: Answer | NoAnswer, *, tries: int, at: datetime) -> Verdict:
    """`tries`: how often this message was sent to the endpoint, this time included."""
    if isinstance(answer, NoAnswer):
        outcome = Outcome.FORBIDDEN if answer.code == "forbidden" else Outcome.LATER
        return Verdict(outcome, answer.code, NO_ANSWERS[answer.code])
    outcome, detail = _meaning(answer.status, tries)
    wait = wait_of(answer.retry_after, at=at) if outcome is Outcome.THROTTLED else None
    return Verdict(outcome, str(answer.status), detail, wait)


def _meaning(status: int, tries: int) -> tuple[Outcome, str]:
    if 200 <= status < 300:
        return Outcome.TAKEN, ""
    if 300 <= status < 400:
        return Outcome.LATER, reasons.REDIRECTED
    if status == 410:
        return Outcome.GONE, reasons.GONE
    if status in THROTTLES:
        return Outcome.THROTTLED, reasons.BUSY
    if 400 <= status < 500 and status not in PASSING:
        return Outcome.LATER if tries < TRIES_WHERE_REFUSED else Outcome.REFUSED, reasons.NOT_TAKEN
    return Outcome.LATER, reasons.BROKEN


def wait_of(asked: str, *, at: datetime) -> float | None:
    """Seconds that `Retry-After` asks for: a number of them, or a date. At most a day; None for anything else."""
    asked = asked.strip()
    if asked.isascii() and asked.isdigit():
        return float(min(int(asked[:9]), LONGEST_WAIT))
    try:
        moment = parsedate_to_datetime(asked)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - at).total_seconds(), 0.0), LONGEST_WAIT)

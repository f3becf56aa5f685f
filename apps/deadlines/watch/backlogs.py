"""What waits to be swept: one small question each, behind an index, counted up to a cap.

Each entry's query yields one row for each thing that waits, with the time since when: `at`. To change what a backlog
is, change its entry. They run as the system, in one statement.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.tenancy.context import acting_as, system

CAP = 1000
MINUTE, HOUR = 60.0, 3600.0


@dataclass(frozen=True, slots=True)
class Question:
    """`seconds`: how long the oldest may wait before somebody is told; None: whoever looks decides."""

    name: str
    words: str | Promise
    seconds: float | None
    query: str


_OUTBOX = """
SELECT next_at AS at FROM delivery_delivery
 WHERE state IN ('queued', 'sending', 'deferred') AND {urgent} AND next_at <= %(at)s
   AND (lease_until IS NULL OR lease_until < %(at)s)
 ORDER BY next_at, id LIMIT %(cap)s
"""
_RECEIPTS = """
SELECT d.received_at AS at FROM referrals_referral r JOIN delivery_delivery d ON d.about = r.reference
 WHERE r.state = 'sent' AND r.received_at IS NULL AND d.message = 'referral_sent' AND d.received_at IS NOT NULL
 LIMIT %(cap)s
"""
_OBLIGATIONS = """
(SELECT chase_at AS at FROM referrals_obligation WHERE chase_at <= %(at)s ORDER BY chase_at LIMIT %(cap)s)
 UNION ALL
(SELECT escalate_at AS at FROM referrals_obligation WHERE escalate_at <= %(at)s ORDER BY escalate_at LIMIT %(cap)s)
 LIMIT %(cap)s
"""
_LETTERS = "SELECT received_at AS at FROM delivery_inboundmail WHERE state = 'new' ORDER BY id LIMIT %(cap)s"
_REPLIES = """
SELECT m.read_at AS at FROM delivery_inboundmail m
 WHERE m.received_at > %(at)s - interval '14 days' AND m.kind = 'reply' AND m.state = 'read'
   AND NOT EXISTS (SELECT 1 FROM referrals_inboundanswer a WHERE a.mail_id = m.id)
 ORDER BY m.received_at LIMIT %(cap)s
"""
_EXPORTS = """
SELECT date_trunc('day', %(at)s::timestamptz AT TIME ZONE o.time_zone) AT TIME ZONE o.time_zone AS at
  FROM referrals_statementplan p JOIN organisations_organisation o ON o.id = p.organisation_id
 WHERE p.nightly AND (p.filed_on IS NULL OR p.filed_on < (%(at)s::timestamptz AT TIME ZONE o.time_zone)::date)
 LIMIT %(cap)s
"""
_KNOCKS = "SELECT asked_at AS at FROM delivery_knock WHERE ended_at IS NULL ORDER BY asked_at LIMIT %(cap)s"
_PROBES = """
SELECT next_at AS at FROM delivery_probe WHERE state = 'queued' AND next_at <= %(at)s
 ORDER BY next_at, id LIMIT %(cap)s
"""
_BROKEN = """
SELECT since AS at FROM delivery_endpoint WHERE state = 'disabled' AND told_at IS NULL ORDER BY since LIMIT %(cap)s
"""
_DEAD = "SELECT next_at AS at FROM delivery_delivery WHERE state = 'dead' LIMIT %(cap)s"

QUESTIONS: tuple[Question, ...] = (
    Question("urgent_outbox", _("Urgent messages to send"), 5 * MINUTE, _OUTBOX.format(urgent="urgent")),
    Question("outbox", _("Messages to send"), 10 * MINUTE, _OUTBOX.format(urgent="NOT urgent")),
    Question("receipts", _("Receipts whose clock has not been started"), 5 * MINUTE, _RECEIPTS),
    Question("obligations", _("Clocks whose next reminder is due"), 10 * MINUTE, _OBLIGATIONS),
    Question("letters", _("Letters that nobody has read"), 10 * MINUTE, _LETTERS),
    Question("replies", _("Replies that were not put to a referral"), 10 * MINUTE, _REPLIES),
    Question("statement_files", _("Platforms whose nightly files are due"), 2 * HOUR, _EXPORTS),
    Question("knocks", _("Challenges and tests of endpoints"), 10 * MINUTE, _KNOCKS),
    Question("probes", _("Contact points to be asked"), 6 * HOUR, _PROBES),
    Question("broken_endpoints", _("Broken endpoints whose owners were not told"), HOUR, _BROKEN),
    Question("dead_letters", _("Messages that were given up"), None, _DEAD),
)

_KEEP = """
INSERT INTO deadlines_backlog AS known (name, waiting, oldest_at, measured_at)
SELECT * FROM unnest(%(names)s::text[], %(counts)s::int[], %(oldest)s::timestamptz[]), (SELECT %(at)s::timestamptz)
    AS clock
ON CONFLICT (name) DO UPDATE
   SET waiting = excluded.waiting, oldest_at = excluded.oldest_at, measured_at = excluded.measured_at
 WHERE known.measured_at < excluded.measured_at
"""


def ask(*, at: datetime) -> list[tuple[str, int, datetime | None]]:
    """What waits at `at`: (name, how many up to `CAP`, since when the oldest) of every question."""
    parts = [
        f"(SELECT '{one.name}', count(*)::int, min(at) FROM ({one.query}) AS {one.name})"  # noqa: S608  of ours alone
        for one in QUESTIONS
    ]
    with acting_as(system("watch")), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), {"at": at, "cap": CAP})
        return list(cursor.fetchall())


def measure(*, at: datetime) -> None:
    """Count what waits, and keep it for whoever asks."""
    names, counts, oldest = zip(*ask(at=at), strict=True)
    facts: dict[str, Any] = {"names": list(names), "counts": list(counts), "oldest": list(oldest), "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, facts)

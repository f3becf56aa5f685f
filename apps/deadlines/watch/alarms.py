"""Tell people by mail that something is late, once an hour at most, and once that it runs again.

Who is told what stands in rows (`Alarm`), so that of several processes one sends. A mail is claimed before it is sent
and marked afterwards: whoever dies in between leaves a lease that runs out.
"""

import smtplib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import make_msgid
from typing import Any

import structlog
from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from apps.core.moments import in_words
from apps.deadlines.models import Alarm
from apps.deadlines.watch import words
from apps.deadlines.watch.backlogs import QUESTIONS
from apps.deadlines.watch.state import State
from apps.delivery.mail.composing import AddressRefused, new_mail, own_domain
from apps.delivery.mail.sending import hand_over, mailer
from apps.delivery.mail.signing import Mail

LEASE = timedelta(minutes=2)
QUIET = timedelta(hours=1)
log = structlog.get_logger(__name__)

_BEGIN = """
INSERT INTO deadlines_alarm AS known (subject, recipient, began_at)
SELECT subject, recipient, %(at)s
  FROM unnest(%(late)s::text[]) AS subject, unnest(%(recipients)s::text[]) AS recipient ORDER BY 1, 2
ON CONFLICT (subject, recipient) DO UPDATE SET began_at = excluded.began_at, ended_at = NULL, lease_until = NULL
 WHERE known.ended_at IS NOT NULL
"""
_CLAIM = """
UPDATE deadlines_alarm SET lease_until = %(at)s + %(lease)s
 WHERE subject = ANY(%(late)s) AND recipient = ANY(%(recipients)s) AND ended_at IS NULL
   AND (lease_until IS NULL OR lease_until <= %(at)s) AND (told_at IS NULL OR told_at <= %(at)s - %(quiet)s)
RETURNING recipient, subject, began_at
"""
_END_UNTOLD = """
UPDATE deadlines_alarm SET ended_at = %(at)s, lease_until = NULL
 WHERE ended_at IS NULL AND (lease_until IS NULL OR lease_until <= %(at)s)
   AND (recipient <> ALL(%(recipients)s) OR (subject <> ALL(%(late)s) AND (told_at IS NULL OR told_at < began_at)))
"""
_CLAIM_ENDED = """
UPDATE deadlines_alarm SET lease_until = %(at)s + %(lease)s
 WHERE subject <> ALL(%(late)s) AND recipient = ANY(%(recipients)s) AND ended_at IS NULL AND told_at >= began_at
   AND (lease_until IS NULL OR lease_until <= %(at)s)
RETURNING recipient, subject, began_at
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """What one recipient is to be told: subjects, each with since when it is (or was) late."""

    late: dict[str, datetime] = field(default_factory=dict)
    over: dict[str, datetime] = field(default_factory=dict)


def tell(state: State, *, recipients: Sequence[str], at: datetime) -> int:
    """Mail whoever is to know what is late, and what no longer is; returns how many mails left."""
    late = lapses(state)
    if late:
        log.warning("watch.late", subjects=sorted(late))
    if not recipients or not (late or Alarm.objects.filter(ended_at=None).exists()):
        return 0
    letters = _claim(list(late), recipients=recipients, at=at)
    if not letters:
        return 0
    with mailer() as backend:
        return sum(_send(recipient, letter, late, backend, at=at) for recipient, letter in sorted(letters.items()))


def lapses(state: State) -> dict[str, str]:
    """What is late, by subject, in words. Where beat is, its tasks are late for no reason of their own."""
    runners = [one for one in state.late_runners if one.is_process or not state.beat_is_late]
    found = {f"run:{one.name}": f"{words.name_of(one.name)}: {words.of_runner(one)}" for one in runners}
    piles = {f"backlog:{one.question.name}": f"{one.question.words}: {words.of_pile(one)}" for one in state.late_piles}
    return {**found, **piles}


@transaction.atomic
def _claim(late: Sequence[str], *, recipients: Sequence[str], at: datetime) -> dict[str, Letter]:
    facts: dict[str, Any] = {"late": late, "recipients": list(recipients), "at": at, "lease": LEASE, "quiet": QUIET}
    letters: dict[str, Letter] = {}
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, facts)
        cursor.execute(_END_UNTOLD, facts)
        cursor.execute(_CLAIM, facts)
        for recipient, subject, since in cursor.fetchall():
            letters.setdefault(recipient, Letter()).late[subject] = since
        cursor.execute(_CLAIM_ENDED, facts)
        for recipient, subject, since in cursor.fetchall():
            letters.setdefault(recipient, Letter()).over[subject] = since
    return letters


def _send(recipient: str, letter: Letter, said: Mapping[str, str], backend: BaseEmailBackend, *, at: datetime) -> bool:
    try:
        hand_over(_compose(recipient, letter, said, at=at), backend=backend)
    except (AddressRefused, smtplib.SMTPException, OSError) as problem:
        log.warning("alarm.not_told", problem=type(problem).__name__)
        _settle(recipient, [*letter.late, *letter.over], lease_until=None)
        return False
    _settle(recipient, letter.late, told_at=at, lease_until=None)
    _settle(recipient, letter.over, ended_at=at, lease_until=None)
    return True


def _settle(recipient: str, subjects: Iterable[str], **facts: Any) -> None:
    Alarm.objects.filter(recipient=recipient, subject__in=list(subjects)).update(**facts)


def _compose(recipient: str, letter: Letter, said: Mapping[str, str], *, at: datetime) -> Mail:
    """In the installation's own language and zone: an address in the settings has none."""
    with translation.override(settings.LANGUAGE_CODE), timezone.override(settings.TIME_ZONE):
        context = {
            "language": settings.LANGUAGE_CODE,
            "late": [{"words": said[subject], "since": in_words(since)} for subject, since in letter.late.items()],
            "over": [
                {"words": subject_in_words(subject), "since": in_words(since)} for subject, since in letter.over.items()
            ],
            "link": f"{settings.SITE_URL}/running/",
        }
        mail = new_mail(
            to=[recipient],
            subject=render_to_string("email/alarm.subject.txt", context),
            on_behalf_of="",
            returned_to="",
            reply_to="",
            message_id=make_msgid(domain=own_domain()),
        )
        mail.body = render_to_string("email/alarm.txt", context)
        mail.attach_alternative(render_to_string("email/alarm.html", context), "text/html")
    return mail


def subject_in_words(subject: str) -> str:
    kind, _colon, name = subject.partition(":")
    if kind == "run":
        return words.name_of(name)
    return next((str(one.words) for one in QUESTIONS if one.name == name), name)

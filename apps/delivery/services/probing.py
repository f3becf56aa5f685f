"""Ask every contact point once a month whether it is still the right one."""

import hashlib
import math
import secrets
import smtplib
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.accounts.secrets import digest_of
from apps.core.errors import Refused
from apps.core.prepared import fetch
from apps.delivery import health
from apps.delivery.mail import seals
from apps.delivery.mail.composing import AddressRefused, new_mail, own_domain, reading_as
from apps.delivery.mail.seals import Purpose, Thing
from apps.delivery.mail.sending import code_of, hand_over, mailer
from apps.delivery.mail.signing import Mail
from apps.delivery.models import Probe, ProbeState
from apps.organisations.models import ContactPoint
from apps.tenancy.context import acting_as, system

BATCH = 200
SPREAD_DAYS = 25
CATCH_UP_DAYS = 14  # no day asks more than this share of all
LEAST_A_DAY = 20  # but so many may always be asked
MOST_ATTEMPTS = 6
WAIT = timedelta(hours=4)
LEASE = timedelta(minutes=10)

_CLAIM = """
UPDATE delivery_probe SET next_at = %(lease)s, attempts = attempts + 1
 WHERE id IN (SELECT id FROM delivery_probe WHERE state = 'queued' AND next_at <= %(at)s
               ORDER BY next_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""


class ProbeUnusable(Refused):
    """`facts["why"]`: unknown, expired or confirmed."""

    code = "probe_unusable"
    message = _("This link cannot be used any more. The next message of this kind brings a new one.")


def probe_contacts(*, at: datetime) -> int:
    """Ask who has not been asked this month, and has not told by itself; returns how many mails left."""
    _queue(at)
    claimed = _claim(at)
    with mailer() as backend:
        return sum(_send(probe, backend, at=at) for probe in claimed)


def _queue(at: datetime) -> None:
    """Whose turn of the month has come. After a pause, or at the very first run, they catch up over days."""
    month = at.date().replace(day=1)
    with acting_as(system("probe contacts")):
        points = ContactPoint.objects.filter(organisation__is_active=True)
        silent = points.exclude(probes__month=month).exclude(health__last_verified_at__gte=_midnight(month, at))
        waiting = sorted((turn_of(pk, month), pk) for pk in silent.values_list("pk", flat=True))
        today = Probe.objects.filter(created_at__gt=at - timedelta(days=1)).count()
        most = max(LEAST_A_DAY, math.ceil(points.count() / CATCH_UP_DAYS)) - today
        come = [pk for turn, pk in waiting if turn <= at.date()][: max(most, 0)]
        Probe.objects.bulk_create([_probe(pk, month, at) for pk in come], ignore_conflicts=True)


def turn_of(contact_point_id: int, month: date) -> date:
    """The day of the month on which a contact point is asked: another one for each, so that they are spread."""
    digest = hashlib.sha256(f"{contact_point_id}:{month.isoformat()}".encode()).digest()
    return month + timedelta(days=int.from_bytes(digest[:4]) % SPREAD_DAYS)


def _midnight(month: date, at: datetime) -> datetime:
    return at.replace(day=1, month=month.month, hour=0, minute=0, second=0, microsecond=0)


def _probe(contact_point_id: int, month: date, at: datetime) -> Probe:
    salt = secrets.token_bytes(16)
    digest = digest_of(seals.link_secret(salt))
    return Probe(contact_point_id=contact_point_id, month=month, salt=salt, digest=digest, next_at=at, created_at=at)


def _claim(at: datetime) -> list[Probe]:
    with acting_as(system("probe contacts")), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"at": at, "lease": at + LEASE, "limit": BATCH})
        ids = [row[0] for row in cursor.fetchall()]
        return list(Probe.objects.filter(pk__in=ids).select_related("contact_point__organisation").order_by("pk"))


def _send(probe: Probe, backend: object, *, at: datetime) -> bool:
    """One mail, marked in a transaction of its own."""
    point = probe.contact_point
    try:
        hand_over(_compose(probe), backend=backend)  # type: ignore[arg-type]
    except AddressRefused as problem:
        return _give_up(probe, str(problem), at=at)
    except (smtplib.SMTPException, OSError) as problem:
        permanent = isinstance(problem, smtplib.SMTPException) and code_of(problem) >= 500
        if permanent or probe.attempts >= MOST_ATTEMPTS:
            return _give_up(probe, str(problem) or type(problem).__name__, at=at)
        _mark(probe, next_at=at + WAIT)
        return False
    with acting_as(system("probe contacts")):
        Probe.objects.filter(pk=probe.pk, state=ProbeState.QUEUED).update(state=ProbeState.SENT, sent_at=at)
        health.note_sent([point.email], organisation_id=point.organisation_id, at=at)
    return True


def _give_up(probe: Probe, problem: str, *, at: datetime) -> bool:
    point = probe.contact_point
    with acting_as(system("probe contacts")):
        Probe.objects.filter(pk=probe.pk).update(state=ProbeState.BOUNCED)
        health.note_bounce([point.email], organisation_id=point.organisation_id, problem=problem, at=at)
    return False


def _mark(probe: Probe, *, next_at: datetime) -> None:
    with acting_as(system("probe contacts")):
        Probe.objects.filter(pk=probe.pk).update(next_at=next_at, attempts=F("attempts"))


def _compose(probe: Probe) -> Mail:
    point = probe.contact_point
    languages = [*point.languages, *point.organisation.languages]
    with reading_as(languages, point.organisation.time_zone):
        context = {
            "language": translation.get_language(),
            "organisation": point.organisation.name,
            "purpose": point.get_purpose_display(),
            "address": point.email,
            "link": f"{settings.SITE_URL}/c/{seals.link_secret(bytes(probe.salt))}/",
        }
        mail = new_mail(
            to=[point.email],
            subject=render_to_string("email/still_you.subject.txt", context),
            on_behalf_of="",
            returned_to=seals.address_for(Purpose.BOUNCE, Thing.PROBE, probe.pk),
            reply_to="",
            message_id=f"<probe.{probe.pk}@{own_domain()}>",
        )
        mail.body = render_to_string("email/still_you.txt", context)
        mail.attach_alternative(render_to_string("email/still_you.html", context), "text/html")
    return mail


def find_probe(secret: str, *, at: datetime) -> Probe:
    """The open probe behind a secret; raises `ProbeUnusable`, which says why. Changes nothing."""
    rows = Probe.objects.select_related("contact_point__organisation")
    probe = rows.filter(digest=digest_of(secret)).first()
    if probe is None:
        raise ProbeUnusable(why="unknown")
    if not probe.is_open(at) and probe.state != ProbeState.BOUNCED:
        raise ProbeUnusable(why="confirmed" if probe.confirmed_at else "expired")
    return probe


def confirm_contact(secret: str, *, at: datetime) -> Probe:
    """Somebody there says: this is still us."""
    probe = find_probe(secret, at=at)
    fetch("SELECT tenancy.confirm_contact(%s::bytea, %s::timestamptz)", [digest_of(secret), at])
    return probe

"""One-time links: made while a message is sent, found by their secret, tried by their code, ended by the act."""

import hmac
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from apps.accounts.secrets import digest_of
from apps.core.errors import Refused
from apps.core.prepared import fetch
from apps.delivery.mail import seals
from apps.delivery.models import Delivery
from apps.delivery.models.link import Link, LinkEnd
from apps.tenancy.context import Context, acting_as

TRIES = 5
TRIES_WITHIN = timedelta(minutes=15)
MOST_WRONG = 20


class LinkUnusable(Refused):
    """`facts["why"]`: unknown, expired, answered, asked, revoked or guessed."""

    code = "link_unusable"
    message = _("This link cannot be used. Ask the sender for a new one.")


class WrongPasscode(Refused):
    code = "wrong_passcode"
    message = _("This is not the code. Look for it in the second message, and try again.")


class TooManyTries(Refused):
    code = "too_many_tries"
    message = _("Too many wrong codes. Wait a quarter of an hour, then try again.")


def link_for(
    delivery: Delivery,
    *,
    address: str,
    about: str = "",
    sender_id: int | None = None,
    needs_passcode: bool,
    at: datetime,
) -> Link:
    """The link of a delivery for one address and reference: made at the first attempt, the same at every later one.

    `about` and `sender_id`: the reference and whose it is, where the message is about several.
    """
    salt = secrets.token_bytes(16)
    link, _made = Link.objects.get_or_create(
        delivery=delivery,
        address=address,
        about=about or delivery.about,
        defaults={
            "sender_id": sender_id or delivery.sender_id,
            "recipient_id": delivery.recipient_id,
            "salt": salt,
            "digest": digest_of(seals.link_secret(salt)),
            "needs_passcode": needs_passcode,
            "created_at": at,
            "expires_at": at + timedelta(days=settings.ANSWER_LINK_DAYS),
        },
    )
    return link


def address_of(link: Link) -> str:
    """Where the link leads: known while a message is written, and to whoever holds it."""
    return f"{settings.SITE_URL}/l/{seals.link_secret(bytes(link.salt))}/"


def passcode_of(link: Link) -> str:
    return seals.passcode(bytes(link.salt))


@contextmanager
def holding(secret: str) -> Iterator[None]:
    """Act for the organisation that a link was sent to. The database finds it by the digest of the secret alone.

    Raises `LinkUnusable` where there is no such link.
    """
    ((house,),) = fetch("SELECT tenancy.behind_link(%s::bytea)", [digest_of(secret)])
    if house is None:
        raise LinkUnusable(why="unknown")
    with acting_as(Context(organisation_ids=(house,))):
        yield


def find_link(secret: str, *, at: datetime, lock: bool = False) -> Link:
    """The usable link behind a secret, for its holder; raises `LinkUnusable`, which says why."""
    rows = Link.objects.select_related("sender", "recipient").filter(digest=digest_of(secret))
    link = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if link is None or not link.recipient.is_active:
        raise LinkUnusable(why="unknown")
    if why := link.why_unusable(at):
        raise LinkUnusable(why=why, ended_at=link.ended_at or link.expires_at, sender=link.sender.name)
    return link


# A try is taken before the code is looked at, in one statement: guesses that come together are counted one by one.
_TAKE_A_TRY = """
UPDATE delivery_link
   SET tries = CASE WHEN tries_since IS NULL OR tries_since <= %(since)s THEN 1 ELSE tries + 1 END,
       tries_since = CASE WHEN tries_since IS NULL OR tries_since <= %(since)s THEN %(at)s ELSE tries_since END
 WHERE id = %(link)s AND (tries_since IS NULL OR tries_since <= %(since)s OR tries < %(most)s)
RETURNING id
"""


def try_passcode(link: Link, given: str, *, at: datetime) -> Refused | None:
    """Compare a code with the link's; returns what is wrong, for the caller to raise once the try is committed."""
    if not link.needs_passcode:
        return None
    with connection.cursor() as cursor:
        facts: dict[str, Any] = {"link": link.pk, "at": at, "since": at - TRIES_WITHIN, "most": TRIES}
        cursor.execute(_TAKE_A_TRY, facts)
        if cursor.fetchone() is None:
            return TooManyTries()
    if hmac.compare_digest(_plain(given), _plain(passcode_of(link))):
        Link.objects.filter(pk=link.pk).update(tries=0, tries_since=None)
        return None
    _count_wrong(link, at)
    return WrongPasscode()


def _count_wrong(link: Link, at: datetime) -> None:
    Link.objects.filter(pk=link.pk).update(wrong_count=F("wrong_count") + 1)
    guessed = Link.objects.filter(pk=link.pk, wrong_count__gte=MOST_WRONG, ended_at=None)
    guessed.update(ended_at=at, ended_by=LinkEnd.GUESSED)


def _plain(code: str) -> bytes:
    """As somebody types it: any case, with or without the dash; O for 0, I and L for 1."""
    kept = "".join(symbol for symbol in code.upper() if symbol.isalnum())
    return kept.translate(str.maketrans("OIL", "011")).encode()


def opened(secret: str, *, at: datetime) -> None:
    """Its holder has opened it: noted once, and proof that the address is read."""
    fetch("SELECT tenancy.link_was_opened(%s::bytea, %s::timestamptz)", [digest_of(secret), at])


@transaction.atomic
def end_links(abouts: Iterable[str], *, by: LinkEnd, at: datetime) -> int:
    """End every link about these references; returns how many were still open."""
    return Link.objects.filter(about__in=list(abouts), ended_at=None).update(ended_at=at, ended_by=by)

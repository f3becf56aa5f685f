"""What is known of contact points: written whenever a mail leaves, comes back or is answered."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection

_NOTE = """
INSERT INTO delivery_contacthealth AS h (contact_point_id, sent_count, bounce_count, last_sent_at, last_success_at,
                                         last_bounce_at, last_problem, last_verified_at)
SELECT id, %(sent)s, %(bounced)s, %(sent_at)s::timestamptz, %(success_at)s::timestamptz, %(bounce_at)s::timestamptz,
       %(problem)s, %(verified_at)s::timestamptz
  FROM organisations_contactpoint
 WHERE lower(email) = ANY(%(addresses)s::text[]) AND (%(house)s::bigint IS NULL OR organisation_id = %(house)s::bigint)
 ORDER BY id
ON CONFLICT (contact_point_id) DO UPDATE
   SET sent_count = h.sent_count + %(sent)s, bounce_count = h.bounce_count + %(bounced)s,
       last_sent_at = coalesce(excluded.last_sent_at, h.last_sent_at),
       last_success_at = greatest(excluded.last_success_at, h.last_success_at),
       last_bounce_at = greatest(excluded.last_bounce_at, h.last_bounce_at),
       last_problem = coalesce(nullif(excluded.last_problem, ''), h.last_problem),
       last_verified_at = greatest(excluded.last_verified_at, h.last_verified_at)
"""


def note_sent(addresses: Collection[str], *, organisation_id: int, at: datetime) -> None:
    _note(addresses, organisation_id, sent=1, sent_at=at)


def note_success(addresses: Collection[str], *, organisation_id: int, verified: bool = False, at: datetime) -> None:
    """Somebody or some server there had it. `verified`: a person said that it is the right address."""
    _note(addresses, organisation_id, success_at=at, verified_at=at if verified else None)


def note_bounce(addresses: Collection[str], *, organisation_id: int, problem: str, at: datetime) -> None:
    _note(addresses, organisation_id, bounced=1, bounce_at=at, problem=problem[:300])


def _note(  # noqa: PLR0913  one statement, one fact each
    addresses: Collection[str],
    organisation_id: int,
    *,
    sent: int = 0,
    bounced: int = 0,
    sent_at: datetime | None = None,
    success_at: datetime | None = None,
    bounce_at: datetime | None = None,
    verified_at: datetime | None = None,
    problem: str = "",
) -> None:
    """Run as the system."""
    if not addresses:
        return
    facts: dict[str, Any] = {
        "addresses": sorted({address.lower() for address in addresses}),
        "house": organisation_id,
        "sent": sent,
        "bounced": bounced,
        "sent_at": sent_at,
        "success_at": success_at,
        "bounce_at": bounce_at,
        "verified_at": verified_at,
        "problem": problem,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, facts)

"""What waits for a sweep, and the claim on it: statements that read what is due and nothing else."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from apps.deadlines.ladder import UNDISTURBED_BY_NIGHT, Climber, Side
from apps.referrals.clocks import stop_from

MOST_ORGANISATIONS = 50  # of one transaction
MOST_ROWS = 5_000  # of one transaction, but never less than one organisation's: its news goes out in one message

_COLUMNS: Mapping[Side, tuple[str, str]] = {
    Side.PLATFORM: ("chase_at", "recipient_id"),
    Side.SENDER: ("escalate_at", "sender_id"),
}
# LATERAL with LIMIT: a probe per row, so that no plan reads all referrals for the sake of the few that are due.
_WAITING = """
SELECT o.{party}, array_agg(o.id)
  FROM referrals_obligation o, LATERAL (SELECT urgency FROM referrals_referral r WHERE r.id = o.referral_id LIMIT 1) r
 WHERE o.{look} <= %(at)s
 GROUP BY o.{party}
 ORDER BY bool_or(o.statutory OR r.urgency = ANY(%(pressing)s)) DESC, min(o.due_at), o.{party}
"""
# Held until the end of the transaction, so that two sweepers never split one organisation's news into two messages.
_CLAIM = """
SELECT id FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS wanted(id, place)
 WHERE pg_try_advisory_xact_lock(hashtextextended('deadlines.chase:' || %(side)s || ':' || id, 0)) ORDER BY place
"""
_LOCK = """
SELECT o.id, o.sender_id, o.recipient_id, o.referral_id, o.due_at, o.limit_seconds, o.round, o.statutory, o.stops,
       r.reference, r.instrument, r.area, r.urgency, r.open_count, s.name AS sender_name, p.name AS platform_name,
       s.sandbox_of_id IS NOT NULL OR p.sandbox_of_id IS NOT NULL AS is_practice,
       coalesce((SELECT ladder FROM referrals_policy WHERE referrals_policy.id = o.policy_id), '{{}}') AS policy,
       ARRAY(SELECT rung || ' ' || round FROM deadlines_chase c WHERE c.obligation_id = o.id) AS taken,
       (SELECT jsonb_build_object(rung, until) FROM deadlines_announcement a
         WHERE a.obligation_id = o.id AND a.round = o.round ORDER BY id DESC LIMIT 1) AS held
  FROM referrals_obligation o, LATERAL (SELECT * FROM referrals_referral WHERE id = o.referral_id LIMIT 1) r,
       organisations_organisation s, organisations_organisation p
 WHERE o.id = ANY(%(rows)s) AND o.{look} <= %(at)s AND o.{party} = ANY(%(claimed)s)
   AND s.id = o.sender_id AND p.id = o.recipient_id
   FOR UPDATE OF o SKIP LOCKED
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A running clock that has to be looked at, and what a message says of its referral.

    `is_practice`: in the sandbox of a platform. It is never mixed with what is real, nor counted.
    """

    id: int
    sender_id: int
    recipient_id: int
    referral_id: int
    reference: str
    instrument: str
    area: str
    urgency: str
    open_count: int
    statutory: bool
    sender_name: str
    platform_name: str
    is_practice: bool
    clock: Climber

    def party(self, side: Side) -> int:
        return self.recipient_id if side is Side.PLATFORM else self.sender_id


Chunk = Mapping[int, Sequence[int]]  # obligations by organisation


def chunks(side: Side, *, at: datetime) -> Iterator[Chunk]:
    """The organisations with something due and their obligations, the most urgent first, in bites."""
    look, party = _COLUMNS[side]
    with connection.cursor() as cursor:
        facts: dict[str, Any] = {"at": at, "pressing": [one.value for one in UNDISTURBED_BY_NIGHT]}
        cursor.execute(_WAITING.format(look=look, party=party), facts)
        found: list[tuple[int, list[int]]] = cursor.fetchall()
    chunk: dict[int, Sequence[int]] = {}
    rows = 0
    for organisation_id, obligations in found:
        if chunk and (len(chunk) >= MOST_ORGANISATIONS or rows + len(obligations) > MOST_ROWS):
            yield chunk
            chunk, rows = {}, 0
        chunk[organisation_id] = obligations
        rows += len(obligations)
    if chunk:
        yield chunk


def claim(chunk: Chunk, side: Side, *, at: datetime) -> list[Waiting]:
    """Lock what no other sweeper has in hand; two statements. What another has looked at since is left out."""
    look, party = _COLUMNS[side]
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"ids": list(chunk), "side": side.value})
        claimed = [row[0] for row in cursor.fetchall()]
        rows = [pk for organisation_id in claimed for pk in chunk[organisation_id]]
        cursor.execute(_LOCK.format(look=look, party=party), {"rows": rows, "claimed": claimed, "at": at})
        names = [column.name for column in cursor.description or ()]
        return [_waiting(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def _waiting(row: dict[str, Any]) -> Waiting:
    clock = Climber(
        due_at=row.pop("due_at"),
        limit_seconds=row.pop("limit_seconds"),
        round=row.pop("round"),
        went_on_at=_went_on_at(_json(row.pop("stops"))),
        policy=_json(row.pop("policy")),
        taken=frozenset(_taken(row.pop("taken"))),
        held={rung: datetime.fromisoformat(until) for rung, until in (_json(row.pop("held")) or {}).items()},
        may_wake=row["statutory"] or row["urgency"] in UNDISTURBED_BY_NIGHT,
    )
    return Waiting(**row, clock=clock)


def _went_on_at(stops: Sequence[Sequence[str | None]]) -> datetime | None:
    return stop_from(stops[-1]).until if stops else None


def _taken(kept: Collection[str]) -> Iterator[tuple[str, int]]:
    for one in kept:
        rung, number = one.split()
        yield rung, int(number)


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value

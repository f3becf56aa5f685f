"""Statements of reasons that come with decisions: made, checked and stored in the transaction of the answer."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from apps.accounts.principal import Principal
from apps.referrals.answers import Answer
from apps.referrals.models import Decision, Item, Origin, Referral, Statement
from apps.referrals.statements.compose import compose, owes_statement
from apps.referrals.statements.rules import Problem, problems
from apps.referrals.statements.shape import SCHEMA_VERSION

_LINK = """
UPDATE referrals_statement s SET item_id = new.item, sender_id = new.sender, decision_id = new.decision
  FROM unnest(%(ids)s::bigint[], %(items)s::bigint[], %(senders)s::bigint[], %(decisions)s::bigint[])
    AS new(id, item, sender, decision)
 WHERE s.id = new.id
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer that is recorded. `statement`: what is made of it; None where it restricts nothing or names its own."""

    answer: Answer
    item: Item
    statement: Mapping[str, Any] | None = None


def draft(answer: Answer, item: Item, referral: Referral, *, at: datetime) -> tuple[Taken, Sequence[Problem]]:
    """An answer with the statement it yields, and the rules that statement would break."""
    if answer.puid or not owes_statement(answer.outcome, referral.instrument):
        return Taken(answer, item), ()
    statement = compose(answer, item, referral, puid=new_puid(item), at=at)
    return Taken(answer, item, statement), problems(statement)


def new_puid(item: Item) -> str:
    """The item's reference with eight random digits: a later decision on it has another, and none comes twice."""
    return f"{item.reference}-{secrets.token_hex(4)}"


def waiting_statements(puids: Iterable[str], *, by: Principal) -> Mapping[str, int]:
    """The keys of the platform's own statements that no decision has yet, by puid; locked until the end."""
    wanted = sorted(set(puids))
    if not wanted:
        return {}
    rows = Statement.objects.filter(organisation_id=by.organisation_id, puid__in=wanted, decision__isnull=True)
    return {row.puid: row.pk for row in rows.select_for_update(of=("self",)).order_by("pk").only("pk", "puid")}


def state(taken: Sequence[Taken], decisions: Sequence[Decision], waiting: Mapping[str, int], *, at: datetime) -> None:
    """Store what was drafted, and hand the platform's own statements their decisions: a statement per kind at most."""
    pairs = list(zip(taken, decisions, strict=True))
    made = [_row(one, decision, at) for one, decision in pairs if one.statement is not None]
    own = [(waiting[one.answer.puid], one.item, decision) for one, decision in pairs if one.answer.puid]
    if made:
        Statement.objects.bulk_create(made)
    if own:
        _link(own)


def _row(one: Taken, decision: Decision, at: datetime) -> Statement:
    statement = one.statement or {}
    return Statement(
        organisation_id=one.item.recipient_id,
        puid=statement["puid"],
        origin=Origin.PORTAL,
        schema_version=SCHEMA_VERSION,
        content=statement,
        created_at=at,
        sender_id=one.item.sender_id,
        item_id=one.item.pk,
        decision_id=decision.pk,
    )


def _link(own: Sequence[tuple[int, Item, Decision]]) -> None:
    facts = {
        "ids": [pk for pk, _item, _decision in own],
        "items": [item.pk for _pk, item, _decision in own],
        "senders": [item.sender_id for _pk, item, _decision in own],
        "decisions": [decision.pk for _pk, _item, decision in own],
    }
    with connection.cursor() as cursor:
        cursor.execute(_LINK, facts)

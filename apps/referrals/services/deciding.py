"""Write decisions down: what a batch of answers leaves behind, in one statement, whatever its size."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from apps.accounts.principal import Principal
from apps.core.prepared import fetch
from apps.referrals.answers import restrictions_of
from apps.referrals.models import Origin
from apps.referrals.models.event import Verb
from apps.referrals.services.stating import Taken
from apps.referrals.statements.compose import last_end
from apps.referrals.statements.shape import SCHEMA_VERSION
from apps.referrals.transitions import ItemState

# The batch comes as one JSON value: thousands of strings in arrays would be escaped one by one on the way. Whoever has
# locked the items calls this; a statement that the platform wrote itself (`own`) is handed its decision.
_DECIDE = """
WITH given AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset(%(batch)s::jsonb) AS given(
    item_id bigint, sender_id bigint, recipient_id bigint, referral_id bigint, reference text, verb text, outcome text,
    refusal_reason text, ground text, legal_ground text, explanation text, acted_at timestamptz,
    automated_detection boolean, automated_decision text, territorial_scope text[], restrictions text[], ends_on date,
    forwarded_to text, platform_reference text, puid text, statement jsonb, own bigint)
), items AS (
  UPDATE referrals_item i SET state = 'decided', outcome = given.outcome, decided_at = %(at)s, due_at = NULL
    FROM given WHERE i.id = given.item_id
), off_the_desk AS (
  UPDATE referrals_tracking t SET is_done = true, snoozed_until = NULL
    FROM given WHERE t.organisation_id = given.recipient_id AND t.item_id = given.item_id AND NOT t.is_done
), decisions AS (
  INSERT INTO referrals_decision
    (sender_id, recipient_id, disclosed, item_id, outcome, refusal_reason, ground, legal_ground, explanation, acted_at,
     automated_detection, automated_decision, territorial_scope, restrictions, ends_on, forwarded_to,
     platform_reference, decided_at,
     decided_by_id, decided_as, channel)
  SELECT sender_id, recipient_id, true, item_id, outcome, refusal_reason, ground, legal_ground, explanation, acted_at,
         automated_detection, automated_decision, territorial_scope, restrictions, ends_on, forwarded_to,
         platform_reference, %(at)s,
         %(actor)s::bigint, %(as)s, %(channel)s
    FROM given
  RETURNING id, item_id
), events AS (
  INSERT INTO referrals_event
    (sender_id, recipient_id, disclosed, referral_id, item_id, verb, at, actor_id, actor_label, organisation_id, data)
  SELECT sender_id, recipient_id, true, referral_id, item_id, verb, %(at)s, %(actor)s::bigint, %(label)s,
         %(organisation)s::bigint, jsonb_build_object('item', reference, 'outcome', outcome)
    FROM given
), statements AS (
  INSERT INTO referrals_statement
    (organisation_id, puid, origin, schema_version, content, created_at, sender_id, item_id, decision_id)
  SELECT recipient_id, puid, %(origin)s, %(schema)s, statement, %(at)s, sender_id, item_id, decisions.id
    FROM given JOIN decisions USING (item_id) WHERE statement IS NOT NULL
), own AS (
  UPDATE referrals_statement s
     SET item_id = given.item_id, sender_id = given.sender_id, decision_id = decisions.id
    FROM given JOIN decisions USING (item_id) WHERE s.id = given.own
)
SELECT count(*) FROM decisions
"""


def decide(taken: Sequence[Taken], waiting: Mapping[str, int], *, channel: str, by: Principal, at: datetime) -> None:
    """Record answers that were found good. `waiting`: keys of the platform's own statements by `puid`."""
    batch = [_row(one, waiting) for one in taken]
    facts = {
        "batch": json.dumps(batch),
        "at": at,
        "actor": by.user_id,
        "as": "" if by.user_id else by.email,
        "label": by.label,
        "organisation": by.organisation_id,
        "channel": channel,
        "origin": Origin.PORTAL.value,
        "schema": SCHEMA_VERSION,
    }
    fetch(_DECIDE, facts)


def _row(one: Taken, waiting: Mapping[str, int]) -> dict[str, Any]:
    answer, item = one.answer, one.item
    ends_on = last_end(answer)
    return {
        "item_id": item.pk,
        "sender_id": item.sender_id,
        "recipient_id": item.recipient_id,
        "referral_id": item.referral_id,
        "reference": item.reference,
        "verb": (Verb.ITEM_CORRECTED if item.state == ItemState.DECIDED else Verb.ITEM_DECIDED).value,
        "outcome": str(answer.outcome),
        "refusal_reason": str(answer.refusal_reason),
        "ground": str(answer.ground),
        "legal_ground": answer.legal_ground,
        "explanation": answer.explanation,
        "acted_at": answer.acted_at.isoformat() if answer.acted_at else None,
        "automated_detection": answer.automated_detection,
        "automated_decision": str(answer.automated_decision),
        "territorial_scope": [str(one) for one in answer.territorial_scope],
        "restrictions": [str(one) for one in restrictions_of(answer)],
        "ends_on": ends_on.isoformat() if ends_on else None,
        "forwarded_to": answer.forwarded_to,
        "platform_reference": answer.platform_reference,
        "puid": one.statement["puid"] if one.statement else "",
        "statement": one.statement,
        "own": waiting.get(answer.puid) if answer.puid else None,
    }

"""Write decisions down: what a batch of answers leaves behind, in one statement, whatever its size."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from apps.accounts.principal import Principal
from apps.core.prepared import fetch, integers
from apps.referrals.answers import Answer, restrictions_of
from apps.referrals.models import Origin
from apps.referrals.models.event import Verb
from apps.referrals.services.stating import Taken
from apps.referrals.statements.compose import last_end
from apps.referrals.statements.shape import SCHEMA_VERSION
from apps.referrals.transitions import ItemState

# What answers say alike comes once, and becomes rows of each item here. Whoever has locked the items calls this; a
# statement that the platform wrote itself (`own`) is handed its decision. Two keys are named twice, so that a large
# table is entered by its index.
_DECIDE = """
WITH given AS MATERIALIZED (
  SELECT * FROM unnest(%(items)s::bigint[], %(wordings)s::int[], %(drafts)s::int[], %(puids)s::text[],
                       %(own)s::bigint[], %(corrected)s::boolean[])
    AS given(item_id, wording, draft, puid, own, corrected)
), said AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset(%(said)s::jsonb) AS said(
    wording int, outcome text, refusal_reason text, ground text, legal_ground text, explanation text,
    acted_at timestamptz, automated_detection boolean, automated_decision text, territorial_scope text[],
    restrictions text[], ends_on date, forwarded_to text, platform_reference text)
), stated AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset(%(stated)s::jsonb) AS stated(draft int, content jsonb)
), items AS (
  UPDATE referrals_item i SET state = 'decided', outcome = said.outcome, decided_at = %(at)s, due_at = NULL
    FROM given JOIN said USING (wording) WHERE i.id = given.item_id
  RETURNING i.id AS item_id, i.sender_id, i.recipient_id, i.referral_id, i.reference, i.outcome,
            given.wording, given.draft, given.puid, given.own, given.corrected
), off_the_desk AS (
  UPDATE referrals_tracking t SET is_done = true, snoozed_until = NULL
    FROM items
   WHERE t.item_id = ANY(%(items)s::bigint[]) AND NOT t.is_done
     AND t.organisation_id = items.recipient_id AND t.item_id = items.item_id
), decisions AS (
  INSERT INTO referrals_decision
    (sender_id, recipient_id, disclosed, item_id, outcome, refusal_reason, ground, legal_ground, explanation, acted_at,
     automated_detection, automated_decision, territorial_scope, restrictions, ends_on, forwarded_to,
     platform_reference, decided_at,
     decided_by_id, decided_as, channel)
  SELECT sender_id, recipient_id, true, item_id, said.outcome, refusal_reason, ground, legal_ground, explanation,
         acted_at, automated_detection, automated_decision, territorial_scope, restrictions, ends_on, forwarded_to,
         platform_reference, %(at)s,
         %(actor)s::bigint, %(as)s, %(channel)s
    FROM items JOIN said USING (wording)
  RETURNING id, item_id
), events AS (
  INSERT INTO referrals_event
    (sender_id, recipient_id, disclosed, referral_id, item_id, verb, at, actor_id, actor_label, organisation_id, data)
  SELECT sender_id, recipient_id, true, referral_id, item_id,
         CASE WHEN corrected THEN %(correction)s ELSE %(decision)s END, %(at)s, %(actor)s::bigint, %(label)s,
         %(organisation)s::bigint, jsonb_build_object('item', reference, 'outcome', outcome)
    FROM items
), statements AS (
  INSERT INTO referrals_statement
    (organisation_id, puid, origin, schema_version, content, created_at, sender_id, item_id, decision_id)
  SELECT recipient_id, puid, %(origin)s, %(schema)s, content || jsonb_build_object('puid', puid), %(at)s, sender_id,
         item_id, decisions.id
    FROM items JOIN stated USING (draft) JOIN decisions USING (item_id)
), own AS (
  UPDATE referrals_statement s
     SET item_id = items.item_id, sender_id = items.sender_id, decision_id = decisions.id
    FROM items JOIN decisions USING (item_id) WHERE s.id = ANY(%(own)s::bigint[]) AND s.id = items.own
)
SELECT count(*) FROM decisions
"""


def decide(taken: Sequence[Taken], waiting: Mapping[str, int], *, channel: str, by: Principal, at: datetime) -> None:
    """Record answers that were found good. `waiting`: keys of the platform's own statements by `puid`."""
    facts = {
        **_batch(taken, waiting),
        "at": at,
        "actor": by.user_id,
        "as": "" if by.user_id else by.email,
        "label": by.label,
        "organisation": by.organisation_id,
        "channel": channel,
        "decision": Verb.ITEM_DECIDED.value,
        "correction": Verb.ITEM_CORRECTED.value,
        "origin": Origin.PORTAL.value,
        "schema": SCHEMA_VERSION,
    }
    fetch(_DECIDE, facts)


def _batch(taken: Sequence[Taken], waiting: Mapping[str, int]) -> dict[str, Any]:
    wordings = {one.wording.number: one.wording for one in taken}
    drafts = {one.draft.number: one.draft for one in taken if one.draft}
    return {
        "items": integers(one.item.pk for one in taken),
        "wordings": integers(one.wording.number for one in taken),
        "drafts": integers(one.draft.number if one.draft else None for one in taken),
        "puids": [one.puid for one in taken],
        "own": integers(waiting.get(one.wording.answer.puid) for one in taken),
        "corrected": [one.item.state == ItemState.DECIDED for one in taken],
        "said": json.dumps([_said(number, one.answer) for number, one in wordings.items()]),
        "stated": json.dumps([{"draft": number, "content": one.statement} for number, one in drafts.items()]),
    }


def _said(number: int, answer: Answer) -> dict[str, Any]:
    ends_on = last_end(answer)
    return {
        "wording": number,
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
    }

"""Answers by API, one by one and five hundred at a time, beside the bare SQL that writes the same rows."""

import itertools
import json
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg

from tests.bench.load import http, once
from tests.bench.servers import Server

BATCH, ROUNDS, SINGLES = 500, 7, 60
WARM = 4  # both workers have connections, caches and plans then
ANSWER = {
    "outcome": "REMOVED",
    "ground": "DECISION_GROUND_ILLEGAL_CONTENT",
    "legal_ground": "Article 21 of Directive (EU) 2017/541",
    "explanation": "The content calls for an attack on a public event and explains how to carry it out.",
    "automated_detection": False,
    "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
}
numbers = itertools.count()

# The same columns and indexes as the portal's own tables, and nothing else: no policies, triggers or foreign keys.
TABLES = """
CREATE TABLE IF NOT EXISTS floor_answer_item (LIKE referrals_item INCLUDING ALL);
CREATE TABLE IF NOT EXISTS floor_answer_decision (LIKE referrals_decision INCLUDING ALL);
CREATE TABLE IF NOT EXISTS floor_answer_event (LIKE referrals_event INCLUDING ALL);
CREATE TABLE IF NOT EXISTS floor_answer_statement (LIKE referrals_statement INCLUDING ALL);
CREATE TABLE IF NOT EXISTS floor_answer_referral (LIKE referrals_referral INCLUDING ALL);
CREATE TABLE IF NOT EXISTS floor_answer_outbox (LIKE delivery_delivery INCLUDING ALL);
CREATE TABLE IF NOT EXISTS floor_answer_audit (LIKE audit_auditentry INCLUDING ALL);
CREATE TABLE IF NOT EXISTS floor_answer_key (LIKE api_idempotencykey INCLUDING ALL);
"""
FILL = """
INSERT INTO floor_answer_referral OVERRIDING SYSTEM VALUE
SELECT * FROM referrals_referral WHERE id IN (SELECT referral_id FROM referrals_item WHERE id = ANY(%(ids)s))
ON CONFLICT DO NOTHING;
INSERT INTO floor_answer_item OVERRIDING SYSTEM VALUE SELECT * FROM referrals_item WHERE id = ANY(%(ids)s)
ON CONFLICT DO NOTHING
"""
DECIDE = """
WITH given AS (
  SELECT * FROM unnest(%(ids)s::bigint[], %(outcomes)s::text[]) AS given(id, outcome)
), items AS (
  UPDATE floor_answer_item i SET state = 'decided', outcome = given.outcome, decided_at = %(at)s, due_at = NULL
    FROM given WHERE i.id = given.id RETURNING i.*
), decisions AS (
  INSERT INTO floor_answer_decision
    (sender_id, recipient_id, disclosed, item_id, outcome, refusal_reason, ground, legal_ground, explanation,
     automated_detection, automated_decision, territorial_scope, platform_reference, decided_at, decided_by_id, channel)
  SELECT sender_id, recipient_id, true, id, outcome, '', %(ground)s, %(legal_ground)s, %(explanation)s, false,
         %(automated_decision)s, '{}', '', %(at)s, 1, 'api' FROM items
  RETURNING id, item_id
), statements AS (
  INSERT INTO floor_answer_statement
    (organisation_id, puid, origin, schema_version, content, created_at, sender_id, item_id, decision_id)
  SELECT recipient_id, reference, 'portal', '2', %(statement)s::jsonb, %(at)s, sender_id, items.id, decisions.id
    FROM items JOIN decisions ON item_id = items.id
), referrals AS (
  UPDATE floor_answer_referral r SET state = 'answered', open_count = 0, answered_at = %(at)s
   WHERE id IN (SELECT referral_id FROM items) RETURNING r.*
), answered AS (
  INSERT INTO floor_answer_event
    (sender_id, recipient_id, disclosed, referral_id, verb, at, actor_id, actor_label, organisation_id)
  SELECT sender_id, recipient_id, true, id, 'referral.answered', %(at)s, 1, 'Bench', recipient_id FROM referrals
), outbox AS (
  INSERT INTO floor_answer_outbox
    (sender_id, recipient_id, disclosed, key, channel, message, about, facts, urgent, next_at, created_at)
  SELECT recipient_id, sender_id, true, %(batch)s || reference || channel, channel, 'referral_answered', reference,
         '{"instrument": "referral", "items": 10, "urgency": "day"}', false, %(at)s, %(at)s
    FROM referrals, unnest(ARRAY['portal', 'push']) AS channel
), audit AS (
  INSERT INTO floor_answer_audit
    (at, organisation_id, actor_id, actor_label, operation, verb, target_type, target, recipient_ids, justification,
     details, request_id)
  VALUES (%(at)s, 1, 1, 'Bench', 'alter', 'item.decided', 'item', '500 items', '[1]', '', '{}', 'bench')
), kept AS (
  INSERT INTO floor_answer_key (organisation_id, key, fingerprint, status, body, created_at)
  VALUES (1, %(batch)s, '\\x00', 200, %(kept)s, %(at)s)
)
INSERT INTO floor_answer_event
  (sender_id, recipient_id, disclosed, referral_id, item_id, verb, at, actor_id, actor_label, organisation_id, data)
SELECT sender_id, recipient_id, true, referral_id, id, 'item.decided', %(at)s, 1, 'Bench', recipient_id,
       jsonb_build_object('item', reference, 'outcome', outcome) FROM items
"""

# What is kept of each answer, for the case that the same request comes again.
KEPT = b'{"row":%d,"item":"%b","result":"decided","code":null,"detail":null,"puid":"%b-5f0c2a91"},'


def measure(portal: Server, keys: dict[str, Any], url: str) -> dict[str, Any]:
    """`url` leads to the portal's database as its owner; its platform has at least `WARM + ROUNDS` batches of items."""
    rows = _open_items(url, (WARM + ROUNDS) * BATCH + SINGLES)
    batches = [rows[n * BATCH : (n + 1) * BATCH] for n in range(WARM + ROUNDS)]
    for batch in batches[:WARM]:
        _answer(portal, keys, batch)
    ours, floor = [], []
    for batch in batches[WARM:]:
        ours.append(_answer(portal, keys, batch))
        floor.append(_bare(url, batch))
    singles = [_answer(portal, keys, [row]) for row in rows[-SINGLES:]]
    return {
        "ours_items_per_second": round(BATCH / statistics.median(ours)),
        "floor_items_per_second": round(BATCH / statistics.median(floor)),
        "ours_to_floor": round(statistics.median(f / o for o, f in zip(ours, floor, strict=True)), 3),
        "one_by_one_per_second": round(1 / statistics.median(singles)),
    }


def _open_items(url: str, count: int) -> Sequence[tuple[int, str]]:
    statement = """
    SELECT i.id, i.reference FROM referrals_item i JOIN organisations_organisation o ON o.id = i.recipient_id
     WHERE o.slug LIKE 'bench-%%-platform-0' AND i.state = 'open' AND i.disclosed ORDER BY i.due_at, i.id LIMIT %s
    """
    with psycopg.connect(url) as database:
        rows = database.execute(statement, [count]).fetchall()
    assert len(rows) == count, f"{count} open items are needed, there are {len(rows)}"
    return rows


def _answer(portal: Server, keys: dict[str, Any], rows: Sequence[tuple[int, str]]) -> float:
    headers = {
        "Authorization": f"Bearer {keys['platform']}",
        "Content-Type": "application/json",
        "Idempotency-Key": f"answers-{next(numbers)}",
    }
    answers = [{"item": reference, **ANSWER} for _pk, reference in rows]
    request = http("POST", "/api/v1/items/answer/", headers, json.dumps({"answers": answers}).encode())
    start = time.perf_counter()
    assert once(portal.port, request) == 200
    return time.perf_counter() - start


def _bare(url: str, rows: Sequence[tuple[int, str]]) -> float:
    ids = [pk for pk, _reference in rows]
    with psycopg.connect(url) as database:
        statement = database.execute("SELECT content::text FROM referrals_statement LIMIT 1").fetchall()[0][0]
    facts = {
        **ANSWER,
        "batch": f"batch-{next(numbers)}",
        "statement": statement,
        "kept": b"".join(KEPT % (place, item.encode(), item.encode()) for place, (_pk, item) in enumerate(rows)),
        "ids": ids,
        "outcomes": [ANSWER["outcome"]] * len(ids),
        "at": datetime.now(UTC),
    }
    with psycopg.connect(url) as database:
        database.execute(TABLES)
        for part in FILL.split(";"):
            database.execute(part, {"ids": ids})
        database.commit()
        start = time.perf_counter()
        database.execute(DECIDE, facts)
        database.commit()
        return time.perf_counter() - start

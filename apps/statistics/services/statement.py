"""The count as one SQL statement, so that all figures come from one snapshot and agree with each other.

`item` has one row per item (and one for a referral without any) with everything that is counted of it; each scope
groups these rows once, by month and by each of its dimensions (GROUPING SETS). No statement is per tenant. Durations
are stored in order: whoever reads them merges runs instead of sorting anew.
"""

from collections.abc import Sequence

from apps.statistics.dimensions import DIMENSIONS, Dimension, Scope

_FACTS = """
WITH run AS (
  INSERT INTO statistics_compilation (as_of, definition) VALUES (%(at)s, %(definition)s) RETURNING id
), first_decision AS (
  SELECT item_id, min(decided_at) AS decided_at FROM referrals_decision
   WHERE outcome = ANY(%(decisions)s) GROUP BY item_id
), newest_decision AS (
  SELECT DISTINCT ON (item_id) item_id, acted_at, decided_at FROM referrals_decision ORDER BY item_id, id DESC
), fact AS (
  SELECT r.id AS referral_id, r.case_id, r.sender_id, r.recipient_id, r.disclosed, i.id AS item_id,
         date_trunc('month', r.filed_at AT TIME ZONE 'UTC')::date AS month,
         r.instrument, r.category, r.urgency, p.slug AS platform, coalesce(profile.size_class, '') AS size_class,
         s.slug AS sender, s.country, coalesce(i.content_language, '') AS language,
         r.area = ANY(%(sensitive_areas)s) OR r.keywords && %(sensitive_keywords)s::varchar[] AS sensitive,
         r.disclosed AND r.received_at IS NOT NULL AND i.id IS NOT NULL AS delivered,
         i.state, i.outcome, i.due_at, r.received_at,
         coalesce(first_decision.decided_at, i.decided_at) AS decided_at,
         coalesce(newest_decision.acted_at, newest_decision.decided_at, i.decided_at) AS acted_at
    FROM referrals_referral r
    JOIN organisations_organisation s ON s.id = r.sender_id
    JOIN organisations_organisation p ON p.id = r.recipient_id
    LEFT JOIN organisations_platformprofile profile ON profile.organisation_id = r.recipient_id
    LEFT JOIN referrals_item i ON i.referral_id = r.id
    LEFT JOIN first_decision ON first_decision.item_id = i.id
    LEFT JOIN newest_decision ON newest_decision.item_id = i.id
   WHERE s.sandbox_of_id IS NULL AND p.sandbox_of_id IS NULL
), item AS MATERIALIZED (
  SELECT fact.*, delivered AND state = 'decided' AS decided,
         CASE WHEN delivered AND state = 'decided' THEN
           greatest(0, ceil(extract(epoch FROM decided_at - received_at)))::int END AS decision_seconds,
         CASE WHEN delivered AND state = 'decided' AND outcome = ANY(%(restrictions)s) THEN
           greatest(0, ceil(extract(epoch FROM acted_at - received_at)))::int END AS action_seconds
    FROM fact
)
INSERT INTO statistics_cell
  (compilation_id, scope, organisation_id, month, dimension, value, cases, referrals, sent_referrals, items,
   sent_items, sensitive_items, delivered, withdrawn, decided, removed, restricted, refused, other, overdue,
   within_hour, within_day, within_two_days, within_week, later, decision_seconds, action_seconds)
SELECT run.id, counted.* FROM run, (
"""
_SCOPE = """
SELECT '{scope}', {organisation}, month, {dimension}, {value},
       {cases}, count(DISTINCT referral_id), count(DISTINCT referral_id) FILTER (WHERE disclosed),
       count(item_id), count(item_id) FILTER (WHERE disclosed), count(item_id) FILTER (WHERE disclosed AND sensitive),
       count(*) FILTER (WHERE delivered), count(*) FILTER (WHERE delivered AND state = 'withdrawn'),
       count(*) FILTER (WHERE decided),
       count(*) FILTER (WHERE decided AND outcome = ANY(%(removals)s)),
       count(*) FILTER (WHERE decided AND outcome = ANY(%(restrictions)s) AND outcome <> ALL(%(removals)s)),
       count(*) FILTER (WHERE decided AND outcome = 'NO_ACTION'),
       count(*) FILTER (WHERE decided AND outcome <> 'NO_ACTION' AND outcome <> ALL(%(restrictions)s)),
       count(*) FILTER (WHERE delivered AND state = 'open' AND due_at < %(at)s),
       count(*) FILTER (WHERE decision_seconds <= 3600),
       count(*) FILTER (WHERE decision_seconds > 3600 AND decision_seconds <= 86400),
       count(*) FILTER (WHERE decision_seconds > 86400 AND decision_seconds <= 172800),
       count(*) FILTER (WHERE decision_seconds > 172800 AND decision_seconds <= 604800),
       count(*) FILTER (WHERE decision_seconds > 604800),
       coalesce(array_agg(decision_seconds ORDER BY decision_seconds)
         FILTER (WHERE decision_seconds IS NOT NULL), '{{}}'),
       coalesce(array_agg(action_seconds ORDER BY action_seconds)
         FILTER (WHERE action_seconds IS NOT NULL), '{{}}')
  FROM item WHERE {condition} GROUP BY GROUPING SETS ({sets})
"""
_PLACES = {
    Scope.SENT: ("sender_id", "count(DISTINCT case_id)", "true"),
    Scope.RECEIVED: ("recipient_id", "0", "disclosed"),
    Scope.ALL: ("NULL::bigint", "count(DISTINCT case_id)", "disclosed"),
}


def count_everything() -> str:
    """The statement; its parameters are the vocabularies of `compiling.py`."""
    return _FACTS + " UNION ALL ".join(_of(scope) for scope in Scope) + ") AS counted"


def _of(scope: Scope) -> str:
    organisation, cases, condition = _PLACES[scope]
    columns = [one.value for one in DIMENSIONS[scope] if one is not Dimension.NONE]
    return _SCOPE.format(
        scope=scope.value,
        organisation=organisation,
        dimension=_dimension(columns),
        value=f"coalesce({', '.join(columns)}, '')",  # each set groups by one of them, the others are null in it
        cases=cases,
        condition=condition,
        sets=", ".join(_set(organisation, column) for column in ["", *columns]),
    )


def _dimension(columns: Sequence[str]) -> str:
    cases = " ".join(f"WHEN GROUPING({column}) = 0 THEN '{column}'" for column in columns)
    return f"CASE {cases} ELSE 'none' END"


def _set(organisation: str, column: str) -> str:
    keys = [key for key in ("" if organisation.startswith("NULL") else organisation, "month", column) if key]
    return f"({', '.join(keys)})"

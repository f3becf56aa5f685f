"""Statements of reasons as files, every night, for each platform that wants them: none twice, none left out."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from apps.accounts.principal import Principal
from apps.audit.services import record
from apps.referrals.models import StatementPlan
from apps.referrals.statements.shape import MOST_STATEMENTS

# Platforms whose own day has begun since they were last done; `at_once` asks no clock.
_DUE = """
UPDATE referrals_statementplan p SET filed_on = (%(at)s::timestamptz AT TIME ZONE o.time_zone)::date
  FROM organisations_organisation o
 WHERE o.id = p.organisation_id AND p.nightly
   AND (%(at_once)s OR p.filed_on IS NULL OR p.filed_on < (%(at)s::timestamptz AT TIME ZONE o.time_zone)::date)
RETURNING p.organisation_id, p.filed_on
"""
# What no file holds yet, in hundreds, the oldest first. What commits meanwhile is the next night's.
_FILE = """
WITH due AS (SELECT * FROM unnest(%(organisations)s::bigint[], %(days)s::date[]) AS d(organisation_id, made_on)),
waiting AS (
  SELECT s.id, s.organisation_id, d.made_on,
         (row_number() OVER (PARTITION BY s.organisation_id ORDER BY s.id) - 1) / %(most)s AS batch
    FROM referrals_statement s JOIN due d USING (organisation_id)
   WHERE s.file_id IS NULL AND s.origin = 'portal'
),
made AS (
  INSERT INTO referrals_statementfile (organisation_id, key, number, made_at, made_on, count)
  SELECT w.organisation_id, gen_random_uuid(),
         coalesce((SELECT max(f.number) FROM referrals_statementfile f WHERE f.organisation_id = w.organisation_id), 0)
           + w.batch + 1,
         %(at)s::timestamptz, w.made_on, count(*)
    FROM waiting w GROUP BY w.organisation_id, w.made_on, w.batch
  RETURNING id, organisation_id, number
),
placed AS (SELECT id, organisation_id, row_number() OVER (PARTITION BY organisation_id ORDER BY number) - 1 AS batch
             FROM made)
UPDATE referrals_statement s SET file_id = placed.id
  FROM waiting JOIN placed USING (organisation_id, batch) WHERE s.id = waiting.id
"""


@transaction.atomic
def file_statements(*, at: datetime, at_once: bool = False) -> int:
    """Put what is in no file yet into files, for every platform that is due; returns how many statements that were.

    For the system's own context. Run twice, it does nothing the second time; two at once follow each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('referrals.file_statements'))")
        cursor.execute(_DUE, {"at": at, "at_once": at_once})
        due = cursor.fetchall()
        if not due:
            return 0
        organisations, days = zip(*due, strict=True)
        facts: dict[str, Any] = {
            "organisations": list(organisations),
            "days": list(days),
            "most": MOST_STATEMENTS,
            "at": at,
        }
        cursor.execute(_FILE, facts)
        return int(cursor.rowcount)


@transaction.atomic
def want_statement_files(*, nightly: bool, by: Principal, at: datetime) -> None:
    """Turn the nightly files of one's own organisation on or off. Turned on, the first ones hold all there is."""
    StatementPlan.objects.update_or_create(
        organisation_id=by.organisation_id,
        defaults={"nightly": nightly, "changed_at": at, "changed_by_id": by.person_id},
    )
    record(
        "statement_files.wanted" if nightly else "statement_files.unwanted",
        organisation_id=by.organisation_id,
        target_type="organisation",
        target=by.organisation.slug,
        by=by,
        at=at,
    )

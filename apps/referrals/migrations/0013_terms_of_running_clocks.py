"""Clocks that were started before they kept their terms: hours all of them, with one stop as long as all they had."""

from django.db import migrations

FORWARDS = """
UPDATE referrals_obligation
   SET limit_amount = greatest(1, limit_seconds / 3600),
       stops = CASE
         WHEN paused_since IS NOT NULL THEN jsonb_build_array(jsonb_build_array(paused_since, NULL, 'question'))
         ELSE '[]'::jsonb END,
       chase_at = CASE WHEN met_at IS NULL AND ended_at IS NULL AND paused_since IS NULL THEN due_at END,
       escalate_at = CASE WHEN met_at IS NULL AND ended_at IS NULL AND paused_since IS NULL THEN due_at END;
UPDATE referrals_obligation
   SET stops = jsonb_build_array(jsonb_build_array(
         started_at, started_at + make_interval(secs => paused_seconds), 'question')) || stops
 WHERE paused_seconds > 0;
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0012_terms")]
    operations = [migrations.RunSQL(FORWARDS, migrations.RunSQL.noop)]

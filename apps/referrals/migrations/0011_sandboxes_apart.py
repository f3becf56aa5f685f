"""A referral never crosses the border of a sandbox, whoever writes it: one look per statement, not per row."""

from django.db import migrations

FORWARDS = r"""
CREATE FUNCTION referral_keeps_sandboxes_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM written w
               JOIN organisations_organisation s ON s.id = w.sender_id
               JOIN organisations_organisation r ON r.id = w.recipient_id
              WHERE s.sandbox_of_id IS DISTINCT FROM r.sandbox_of_id) THEN
    RAISE EXCEPTION 'a referral does not cross the border of a sandbox'
      USING ERRCODE = '23514', CONSTRAINT = 'referral_keeps_sandboxes_apart';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER referral_keeps_sandboxes_apart AFTER INSERT ON referrals_referral
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION referral_keeps_sandboxes_apart();
"""
BACKWARDS = """
DROP TRIGGER referral_keeps_sandboxes_apart ON referrals_referral;
DROP FUNCTION referral_keeps_sandboxes_apart();
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0010_statement_exports"), ("organisations", "0003_standing")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]

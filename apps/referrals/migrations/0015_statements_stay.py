"""Nobody rewrites a statement of reasons, its owner included: what a correction says is another statement.

One that waits may be handed its decision, and one that is in no file may be put into one, once each. Where an item is
erased its statements go with it; by itself none is deleted.
"""

from django.db import migrations

FORWARDS = r"""
CREATE FUNCTION referral_statement_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a statement of reasons is never rewritten'
    USING ERRCODE = '42501', CONSTRAINT = 'referral_statement_stays';
END $$;
CREATE TRIGGER statement_is_not_rewritten BEFORE UPDATE ON referrals_statement FOR EACH ROW
  WHEN ((OLD.id, OLD.organisation_id, OLD.puid, OLD.origin, OLD.schema_version, OLD.content, OLD.created_at)
        IS DISTINCT FROM
        (NEW.id, NEW.organisation_id, NEW.puid, NEW.origin, NEW.schema_version, NEW.content, NEW.created_at)
        OR (OLD.decision_id IS NOT NULL AND (OLD.sender_id, OLD.item_id, OLD.decision_id)
                                            IS DISTINCT FROM (NEW.sender_id, NEW.item_id, NEW.decision_id))
        OR (OLD.file_id IS NOT NULL AND OLD.file_id IS DISTINCT FROM NEW.file_id))
  EXECUTE FUNCTION referral_statement_stays();
CREATE TRIGGER statement_is_not_deleted BEFORE DELETE ON referrals_statement FOR EACH ROW
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION referral_statement_stays();
"""
BACKWARDS = """
DROP TRIGGER statement_is_not_deleted ON referrals_statement;
DROP TRIGGER statement_is_not_rewritten ON referrals_statement;
DROP FUNCTION referral_statement_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0014_answer_announced")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]

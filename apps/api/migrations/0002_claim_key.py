from django.db import migrations

# A function, because each statement in one sees what was committed before it: whoever gets the lock just as another's
# act commits must see the answer that was kept, and one plain statement would still look at the time before.
FORWARDS = r"""
CREATE FUNCTION api_claim_key(
  lock bigint, organisation bigint, wanted text,
  OUT held boolean, OUT fingerprint bytea, OUT status smallint, OUT body bytea
) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  held := pg_try_advisory_xact_lock(lock);
  SELECT k.fingerprint, k.status, k.body INTO fingerprint, status, body
    FROM api_idempotencykey k WHERE k.organisation_id = organisation AND k.key = wanted;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial")]
    operations = [
        migrations.RunSQL(FORWARDS, "DROP FUNCTION api_claim_key(bigint, bigint, text)"),
    ]

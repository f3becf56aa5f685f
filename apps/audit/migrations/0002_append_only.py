"""Nobody rewrites the log, its owner included; retention will have a function of its own."""

from django.db import migrations

FORWARDS = r"""
CREATE FUNCTION tenancy.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit_auditentry
  FOR EACH STATEMENT EXECUTE FUNCTION tenancy.refuse_change();
CREATE TRIGGER audit_is_not_truncated BEFORE TRUNCATE ON audit_auditentry
  FOR EACH STATEMENT EXECUTE FUNCTION tenancy.refuse_change();
"""
BACKWARDS = "DROP FUNCTION tenancy.refuse_change() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("tenancy", "0001_context")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]

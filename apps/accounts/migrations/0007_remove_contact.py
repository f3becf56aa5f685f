"""A platform takes a contact point of its own out of the directory, with whatever was noted about that address."""

from django.db import migrations

FORWARDS = r"""
CREATE FUNCTION tenancy.remove_contact(wanted bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE noted record;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM organisations_contactpoint
                  WHERE id = wanted AND tenancy.holds(organisation_id, 'manage_members')) THEN
    RAISE EXCEPTION 'only its own administrators remove a contact point' USING ERRCODE = '42501';
  END IF;
  FOR noted IN
    SELECT c.conrelid::regclass AS about, a.attname AS name FROM pg_constraint c
      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
     WHERE c.contype = 'f' AND c.confrelid = 'organisations_contactpoint'::regclass
  LOOP
    EXECUTE format('DELETE FROM %s WHERE %I = $1', noted.about, noted.name) USING wanted;
  END LOOP;
  DELETE FROM organisations_contactpoint WHERE id = wanted;
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION tenancy.remove_contact(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenancy.remove_contact(bigint) TO portal_web, portal_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_platforms")]
    operations = [migrations.RunSQL(FORWARDS, "DROP FUNCTION tenancy.remove_contact(bigint)")]

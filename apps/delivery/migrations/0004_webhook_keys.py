"""Keys and knocks hang on an endpoint of the same organisation; and what everybody may know of keys: the public half."""

from django.db import migrations

FORWARDS = r"""
CREATE FUNCTION tenancy.webhook_keys() RETURNS TABLE (id uuid, key text, since timestamptz, until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT public_id, public_key, created_at, retires_at FROM delivery_endpointkey
   WHERE retires_at IS NULL OR retires_at > now() ORDER BY public_id
$$;
REVOKE ALL ON FUNCTION tenancy.webhook_keys() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenancy.webhook_keys() TO portal_web, portal_worker;
"""


def link(table, name):
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (endpoint_id, organisation_id)"
        " REFERENCES delivery_endpoint (id, organisation_id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("delivery", "0003_webhooks"), ("tenancy", "0001_context")]
    operations = [
        link("delivery_endpointkey", "key_of_an_endpoint_of_the_same_organisation"),
        link("delivery_knock", "knock_at_an_endpoint_of_the_same_organisation"),
        migrations.RunSQL(FORWARDS, "DROP FUNCTION tenancy.webhook_keys()"),
    ]

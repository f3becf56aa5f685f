"""The database's side of the tenant context: the key's hiding place and the functions the policies call."""

from django.db import migrations

FORWARDS = r"""
CREATE SCHEMA tenancy;
CREATE TABLE tenancy.signing_key (inner_pad bytea NOT NULL, outer_pad bytea NOT NULL);

CREATE FUNCTION tenancy.claims() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  raw text := nullif(current_setting('app.ctx', true), '');
  said text := split_part(raw, '.', 1);
  pads tenancy.signing_key;
BEGIN
  IF raw IS NULL THEN RETURN NULL; END IF;
  SELECT * INTO pads FROM tenancy.signing_key;
  IF split_part(raw, '.', 2) IS DISTINCT FROM
     encode(sha256(pads.outer_pad || sha256(pads.inner_pad || convert_to(said, 'UTF8'))), 'hex') THEN
    RAISE EXCEPTION 'the tenant context is not signed by this portal' USING ERRCODE = '42501';
  END IF;
  IF split_part(said, '|', 4)::bigint < extract(epoch FROM transaction_timestamp()) THEN
    RAISE EXCEPTION 'the tenant context has expired' USING ERRCODE = '42501';
  END IF;
  RETURN string_to_array(said, '|');
END $$;

CREATE FUNCTION tenancy.orgs() RETURNS bigint[] LANGUAGE sql STABLE AS
  $$ SELECT string_to_array(nullif((tenancy.claims())[1], ''), ',')::bigint[] $$;
CREATE FUNCTION tenancy.user_id() RETURNS bigint LANGUAGE sql STABLE AS
  $$ SELECT nullif((tenancy.claims())[2], '')::bigint $$;
CREATE FUNCTION tenancy.oversight() RETURNS boolean LANGUAGE sql STABLE AS
  $$ SELECT coalesce((tenancy.claims())[3] = 'oversight', false) $$;

REVOKE ALL ON SCHEMA tenancy FROM PUBLIC;
GRANT USAGE ON SCHEMA tenancy TO portal_web, portal_worker, portal_sys;
GRANT USAGE ON SCHEMA public TO portal_web, portal_worker, portal_sys;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(FORWARDS, "DROP SCHEMA tenancy CASCADE")]

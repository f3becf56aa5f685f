"""The functions the policies call keep their plan for the session: every statement calls one for every table it names."""

from django.db import migrations

PLANNED_ONCE = r"""
CREATE OR REPLACE FUNCTION tenancy.orgs() RETURNS bigint[] LANGUAGE plpgsql STABLE AS
  $$ BEGIN RETURN string_to_array(nullif((tenancy.claims())[1], ''), ',')::bigint[]; END $$;
CREATE OR REPLACE FUNCTION tenancy.user_id() RETURNS bigint LANGUAGE plpgsql STABLE AS
  $$ BEGIN RETURN nullif((tenancy.claims())[2], '')::bigint; END $$;
CREATE OR REPLACE FUNCTION tenancy.oversight() RETURNS boolean LANGUAGE plpgsql STABLE AS
  $$ BEGIN RETURN coalesce((tenancy.claims())[3] = 'oversight', false); END $$;
"""
PLANNED_EACH_TIME = r"""
CREATE OR REPLACE FUNCTION tenancy.orgs() RETURNS bigint[] LANGUAGE sql STABLE AS
  $$ SELECT string_to_array(nullif((tenancy.claims())[1], ''), ',')::bigint[] $$;
CREATE OR REPLACE FUNCTION tenancy.user_id() RETURNS bigint LANGUAGE sql STABLE AS
  $$ SELECT nullif((tenancy.claims())[2], '')::bigint $$;
CREATE OR REPLACE FUNCTION tenancy.oversight() RETURNS boolean LANGUAGE sql STABLE AS
  $$ SELECT coalesce((tenancy.claims())[3] = 'oversight', false) $$;
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0001_context")]
    operations = [migrations.RunSQL(PLANNED_ONCE, PLANNED_EACH_TIME)]

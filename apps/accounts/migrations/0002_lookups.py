"""The two questions that come before a tenant context exists: whose token is this, whose invitation."""

from django.db import migrations

FORWARDS = r"""
CREATE FUNCTION tenancy.token_holder(wanted bytea) RETURNS TABLE (
  token bigint, holder bigint, label text, email text, role text, scopes text[], permissions text[], note_use boolean,
  organisation bigint, slug text, name text, kind text, country text, time_zone text, capabilities text[],
  second_person boolean
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT t.id, u.id, coalesce(nullif(u.name, ''), u.email), u.email, m.role, t.scopes::text[],
         ARRAY(SELECT p.codename::text FROM accounts_organisationgroupgrant g
                 JOIN auth_permission p ON p.id = g.permission_id
                WHERE g.group_id = m.group_id AND g.content_object_id = o.id),
         t.last_used_at IS NULL OR t.last_used_at < now() - interval '1 hour',
         o.id, o.slug, o.name, o.kind, o.country, o.time_zone, o.capabilities::text[], o.second_person
    FROM accounts_apitoken t
    JOIN accounts_user u ON u.id = t.user_id AND u.is_active
    JOIN organisations_organisation o ON o.id = t.organisation_id AND o.is_active
    JOIN accounts_membership m ON m.user_id = u.id AND m.organisation_id = o.id
   WHERE t.digest = wanted AND t.revoked_at IS NULL AND t.expires_at > now()
$$;

CREATE FUNCTION tenancy.invitation_organisation(wanted bytea) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT organisation_id FROM accounts_invitation WHERE digest = wanted
$$;

REVOKE ALL ON FUNCTION tenancy.token_holder(bytea), tenancy.invitation_organisation(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenancy.token_holder(bytea), tenancy.invitation_organisation(bytea)
  TO portal_web, portal_worker;
"""
BACKWARDS = "DROP FUNCTION tenancy.token_holder(bytea); DROP FUNCTION tenancy.invitation_organisation(bytea);"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("tenancy", "0001_context")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]

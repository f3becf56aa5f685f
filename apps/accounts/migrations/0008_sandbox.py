"""A platform opens a sandbox: a platform and a sender made up for its practice, apart from everything real."""

from django.db import migrations

FORWARDS = r"""
CREATE OR REPLACE FUNCTION tenancy.open_roles(of_organisation bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO auth_group (name)
  SELECT DISTINCT 'organisation:' || o.id || ':' || r.role
    FROM organisations_organisation o JOIN accounts_rolepermission r ON r.kind = o.kind
   WHERE o.id = of_organisation ON CONFLICT DO NOTHING;
  INSERT INTO accounts_organisationgroupgrant (group_id, content_object_id, permission_id)
  SELECT DISTINCT g.id, o.id, r.permission_id
    FROM organisations_organisation o JOIN accounts_rolepermission r ON r.kind = o.kind
    JOIN auth_group g ON g.name = 'organisation:' || o.id || ':' || r.role
      OR (o.sandbox_of_id IS NOT NULL AND g.name = 'organisation:' || o.id || ':administrator')
   WHERE o.id = of_organisation ON CONFLICT DO NOTHING;
$$;

CREATE FUNCTION tenancy.open_sandbox(owner bigint, moment timestamptz) RETURNS TABLE (platform bigint, sender bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE house organisations_organisation; base text; new_platform bigint; new_sender bigint;
BEGIN
  SELECT * INTO house FROM organisations_organisation WHERE id = owner AND kind = 'platform' AND sandbox_of_id IS NULL;
  IF house.id IS NULL OR NOT tenancy.holds(owner, 'manage_members') THEN
    RAISE EXCEPTION 'only administrators of a platform open its sandbox' USING ERRCODE = '42501';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('tenancy.open_sandbox'), owner::int);
  SELECT id INTO new_platform FROM organisations_organisation WHERE sandbox_of_id = owner AND kind = 'platform';
  SELECT id INTO new_sender FROM organisations_organisation WHERE sandbox_of_id = owner AND kind = 'referral_unit';
  IF new_platform IS NULL THEN
    base := 'sandbox-' || owner;
    INSERT INTO organisations_organisation (slug, name, kind, country, time_zone, languages, capabilities,
      second_person, standing, sandbox_of_id, is_active, created_at)
    VALUES (base, left(house.name, 180) || ' (sandbox)', 'platform', house.country, house.time_zone, house.languages,
      '{}', false, 'verified', owner, true, moment) RETURNING id INTO new_platform;
    INSERT INTO organisations_platformprofile
      (organisation_id, service_type, size_class, is_presumed, spreads_to_the_public, representative_name,
       representative_address, representative_email, representative_phone, accepts_as_article_16)
    VALUES (new_platform, 'online_platform', 'medium', false, true, '', '', '', '', true);
    INSERT INTO organisations_domain (host, platform_id) VALUES (base || '.example', new_platform);
    PERFORM tenancy.open_roles(new_platform);
  END IF;
  IF new_sender IS NULL THEN
    INSERT INTO organisations_organisation (slug, name, kind, country, time_zone, languages, capabilities,
      second_person, standing, sandbox_of_id, is_active, created_at)
    VALUES ('sandbox-' || owner || '-sender', left(house.name, 170) || ' (sandbox sender)', 'referral_unit',
      house.country, house.time_zone, '{en}', '{refer,notify}', false, 'listed', owner, true, moment)
    RETURNING id INTO new_sender;
    PERFORM tenancy.open_roles(new_sender);
  END IF;
  RETURN QUERY SELECT new_platform, new_sender;
END $$;
REVOKE ALL ON FUNCTION tenancy.open_sandbox(bigint, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenancy.open_sandbox(bigint, timestamptz) TO portal_web, portal_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_remove_contact")]
    operations = [migrations.RunSQL(FORWARDS, "DROP FUNCTION tenancy.open_sandbox(bigint, timestamptz)")]

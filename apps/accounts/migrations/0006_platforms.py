"""What a request may do to the directory: make a platform, offer and settle its claim, correct one's own entry.

The directory belongs to the owner role. Each function checks by the signed context who acts and what their role may,
takes values and no conditions, and says in a word why it refuses.
"""

from django.db import migrations

FORWARDS = r"""
CREATE FUNCTION tenancy.holds(wanted_organisation bigint, wanted_permission text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT wanted_organisation = ANY (tenancy.orgs()) AND EXISTS (
    SELECT 1 FROM accounts_membership m
      JOIN organisations_organisation o ON o.id = m.organisation_id AND o.is_active
      JOIN accounts_organisationgroupgrant g ON g.group_id = m.group_id AND g.content_object_id = m.organisation_id
      JOIN auth_permission p ON p.id = g.permission_id
     WHERE m.organisation_id = wanted_organisation AND m.user_id = tenancy.user_id()
       AND p.codename = wanted_permission)
$$;

CREATE FUNCTION tenancy.open_roles(of_organisation bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO auth_group (name)
  SELECT DISTINCT 'organisation:' || o.id || ':' || r.role
    FROM organisations_organisation o JOIN accounts_rolepermission r ON r.kind = o.kind
   WHERE o.id = of_organisation ON CONFLICT DO NOTHING;
  INSERT INTO accounts_organisationgroupgrant (group_id, content_object_id, permission_id)
  SELECT g.id, o.id, r.permission_id
    FROM organisations_organisation o JOIN accounts_rolepermission r ON r.kind = o.kind
    JOIN auth_group g ON g.name = 'organisation:' || o.id || ':' || r.role
   WHERE o.id = of_organisation ON CONFLICT DO NOTHING;
$$;

CREATE FUNCTION tenancy.make_platform(
  maker bigint, wanted_slug text, wanted_name text, wanted_country text, wanted_languages text[], wanted_service text,
  wanted_size text, presumed boolean, hosts text[], contact text, moment timestamptz
) RETURNS TABLE (made bigint, refusal text, taken_by bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE new_id bigint;
BEGIN
  IF NOT tenancy.holds(maker, 'file_referrals') THEN
    RAISE EXCEPTION 'only a sender makes a platform' USING ERRCODE = '42501';
  END IF;
  IF cardinality(hosts) NOT BETWEEN 1 AND 20 OR EXISTS (
       SELECT 1 FROM unnest(hosts) h WHERE h !~ '^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$')
  THEN RAISE EXCEPTION 'no host names' USING ERRCODE = '22023'; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('tenancy.make_platform'));
  IF (SELECT count(*) FROM accounts_platformproposal
       WHERE organisation_id = maker AND made_at > now() - interval '1 day') >= 20 THEN
    RETURN QUERY SELECT NULL::bigint, 'too_many'::text, NULL::bigint; RETURN;
  END IF;
  RETURN QUERY SELECT NULL::bigint, 'host_taken'::text, d.platform_id
    FROM organisations_domain d JOIN unnest(hosts) h
      ON d.host = h OR right(h, length(d.host) + 1) = '.' || d.host OR right(d.host, length(h) + 1) = '.' || h
   ORDER BY length(d.host) DESC LIMIT 1;
  IF FOUND THEN RETURN; END IF;
  RETURN QUERY SELECT NULL::bigint, 'name_taken'::text, o.id FROM organisations_organisation o
   WHERE lower(o.name) = lower(wanted_name) OR o.slug = wanted_slug LIMIT 1;
  IF FOUND THEN RETURN; END IF;
  INSERT INTO organisations_organisation
    (slug, name, kind, country, time_zone, languages, capabilities, second_person, standing, is_active, created_at)
  VALUES (wanted_slug, wanted_name, 'platform', wanted_country, 'Europe/Brussels', wanted_languages, '{}', false,
          'prospective', true, moment) RETURNING id INTO new_id;
  INSERT INTO organisations_platformprofile
    (organisation_id, service_type, size_class, is_presumed, spreads_to_the_public, representative_name,
     representative_address, representative_email, representative_phone, accepts_as_article_16)
  VALUES (new_id, wanted_service, wanted_size, presumed, true, '', '', '', '', false);
  INSERT INTO organisations_domain (host, platform_id) SELECT DISTINCT h, new_id FROM unnest(hosts) h;
  IF contact <> '' THEN
    INSERT INTO organisations_contactpoint (organisation_id, purpose, email, phone, hours, time_zone, languages)
    VALUES (new_id, 'authorities', contact, '', '', '', wanted_languages);
  END IF;
  INSERT INTO accounts_platformproposal (organisation_id, platform_id, made_by_id, made_at)
  VALUES (maker, new_id, tenancy.user_id(), moment);
  PERFORM tenancy.open_roles(new_id);
  RETURN QUERY SELECT new_id, ''::text, NULL::bigint;
END $$;

CREATE FUNCTION tenancy.offer_claim(
  offerer bigint, wanted_platform bigint, contact text, secret_digest bytea, until timestamptz, moment timestamptz
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT tenancy.holds(offerer, 'file_referrals') THEN
    RAISE EXCEPTION 'only a sender offers a claim' USING ERRCODE = '42501';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('tenancy.offer_claim'), wanted_platform::int);
  IF NOT EXISTS (SELECT 1 FROM organisations_organisation
                  WHERE id = wanted_platform AND kind = 'platform' AND is_active) THEN RETURN 'unknown'; END IF;
  IF EXISTS (SELECT 1 FROM accounts_membership WHERE organisation_id = wanted_platform) THEN RETURN 'claimed'; END IF;
  IF NOT EXISTS (
    SELECT 1 FROM organisations_contactpoint c JOIN organisations_domain d ON d.platform_id = c.organisation_id
     WHERE c.organisation_id = wanted_platform AND lower(c.email) = lower(contact)
       AND (split_part(lower(c.email), '@', 2) = d.host
            OR right(split_part(lower(c.email), '@', 2), length(d.host) + 1) = '.' || d.host
            OR right(d.host, length(split_part(c.email, '@', 2)) + 1) = '.' || split_part(lower(c.email), '@', 2)))
  THEN RETURN 'foreign_contact'; END IF;
  IF (SELECT count(*) FROM accounts_claim
       WHERE organisation_id = wanted_platform AND created_at > now() - interval '1 day') >= 3 THEN
    RETURN 'too_many';
  END IF;
  UPDATE accounts_claim SET revoked_at = moment
   WHERE organisation_id = wanted_platform AND used_at IS NULL AND revoked_at IS NULL;
  INSERT INTO accounts_claim (organisation_id, method, email, digest, created_at, expires_at)
  VALUES (wanted_platform, 'mail', lower(contact), secret_digest, moment, until);
  RETURN '';
END $$;

CREATE FUNCTION tenancy.claim_organisation(wanted bytea) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT organisation_id FROM accounts_claim WHERE digest = wanted
$$;

CREATE FUNCTION tenancy.settle_claim(wanted bytea, moment timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE claimed bigint;
BEGIN
  UPDATE accounts_claim SET used_at = moment
   WHERE digest = wanted AND used_at IS NULL AND revoked_at IS NULL AND expires_at > moment
     AND organisation_id = ANY (tenancy.orgs()) RETURNING organisation_id INTO claimed;
  IF claimed IS NULL THEN RETURN false; END IF;
  UPDATE organisations_organisation SET standing = 'claimed'
   WHERE id = claimed AND standing IN ('listed', 'prospective');
  UPDATE organisations_contactpoint c SET verified_at = moment
    FROM accounts_claim k WHERE k.digest = wanted AND c.organisation_id = claimed AND lower(c.email) = lower(k.email);
  PERFORM tenancy.open_roles(claimed);
  RETURN true;
END $$;

CREATE FUNCTION tenancy.describe_platform(wanted_platform bigint, new_languages text[], new_time_zone text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT tenancy.holds(wanted_platform, 'manage_members') THEN
    RAISE EXCEPTION 'only its administrators describe a platform' USING ERRCODE = '42501';
  END IF;
  UPDATE organisations_organisation SET languages = new_languages, time_zone = new_time_zone
   WHERE id = wanted_platform AND kind = 'platform';
END $$;

REVOKE ALL ON FUNCTION tenancy.open_roles(bigint) FROM PUBLIC;
"""
CALLED = (
    "holds(bigint, text)",
    "make_platform(bigint, text, text, text, text[], text, text, boolean, text[], text, timestamptz)",
    "offer_claim(bigint, bigint, text, bytea, timestamptz, timestamptz)",
    "claim_organisation(bytea)",
    "settle_claim(bytea, timestamptz)",
    "describe_platform(bigint, text[], text)",
)
GRANTS = "".join(
    f"REVOKE ALL ON FUNCTION tenancy.{one} FROM PUBLIC;"
    f"GRANT EXECUTE ON FUNCTION tenancy.{one} TO portal_web, portal_worker;"
    for one in CALLED
)
BACKWARDS = "".join(f"DROP FUNCTION tenancy.{one};" for one in (*CALLED, "open_roles(bigint)"))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_claims"),
        ("organisations", "0003_standing"),
        ("tenancy", "0002_quicker_context"),
    ]
    operations = [migrations.RunSQL(FORWARDS + GRANTS, BACKWARDS)]

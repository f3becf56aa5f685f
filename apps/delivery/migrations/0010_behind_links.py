"""What whoever holds a link of a mail may do before anybody is signed in: the web's role cannot become the system.

Each function takes the digest of a secret that only the holder knows, and touches nothing but what it leads to.
"""

from django.db import migrations

FORWARDS = r"""
CREATE FUNCTION tenancy.behind_link(wanted bytea) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT recipient_id FROM delivery_link WHERE digest = wanted
$$;

CREATE FUNCTION tenancy.note_reached(house bigint, reached text, verified boolean, moment timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO delivery_contacthealth AS h (contact_point_id, sent_count, bounce_count, last_success_at, last_problem,
                                           last_verified_at)
  SELECT id, 0, 0, moment, '', CASE WHEN verified THEN moment END FROM organisations_contactpoint
   WHERE organisation_id = house AND lower(email) = lower(reached) ORDER BY id
  ON CONFLICT (contact_point_id) DO UPDATE
     SET last_success_at = greatest(excluded.last_success_at, h.last_success_at),
         last_verified_at = greatest(excluded.last_verified_at, h.last_verified_at)
$$;

CREATE FUNCTION tenancy.link_was_opened(wanted bytea, moment timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE delivery_link SET opened_at = moment WHERE digest = wanted AND opened_at IS NULL;
  SELECT tenancy.note_reached(recipient_id, address, false, moment) FROM delivery_link WHERE digest = wanted;
$$;

CREATE FUNCTION tenancy.confirm_contact(wanted bytea, moment timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE delivery_probe SET state = 'confirmed', confirmed_at = moment WHERE digest = wanted AND confirmed_at IS NULL;
  SELECT tenancy.note_reached(c.organisation_id, c.email, true, moment)
    FROM delivery_probe p JOIN organisations_contactpoint c ON c.id = p.contact_point_id WHERE p.digest = wanted;
$$;

REVOKE ALL ON FUNCTION tenancy.note_reached(bigint, text, boolean, timestamptz) FROM PUBLIC;
"""
CALLED = ("behind_link(bytea)", "link_was_opened(bytea, timestamptz)", "confirm_contact(bytea, timestamptz)")
GRANTS = "".join(
    f"REVOKE ALL ON FUNCTION tenancy.{one} FROM PUBLIC;"
    f"GRANT EXECUTE ON FUNCTION tenancy.{one} TO portal_web, portal_worker;"
    for one in CALLED
)
BACKWARDS = "".join(
    f"DROP FUNCTION tenancy.{one};" for one in (*CALLED, "note_reached(bigint, text, boolean, timestamptz)")
)


class Migration(migrations.Migration):
    dependencies = [("delivery", "0009_reminders"), ("tenancy", "0002_quicker_context")]
    operations = [migrations.RunSQL(FORWARDS + GRANTS, BACKWARDS)]

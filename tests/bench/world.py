"""The database of a benchmark: two organisations, twenty platforms, and as many items as are asked for."""

from django.db import connection

from apps.accounts.roles import Role
from apps.tenancy.context import AS_OWNER, acting_as
from tests.factories import PlatformFactory, ReferralUnitFactory, member, token_for
from tests.factories.people import PASSWORD

ITEMS = """
WITH unit AS (SELECT id FROM organisations_organisation WHERE slug = %(unit)s),
platform AS (
  SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM organisations_organisation WHERE slug LIKE %(platforms)s
), author AS (
  SELECT user_id FROM accounts_membership m, unit WHERE m.organisation_id = unit.id ORDER BY m.id LIMIT 1
), the_case AS (
  INSERT INTO referrals_case
    (organisation_id, reference, external_id, title, note, created_at, created_by_id, source, row_count)
  SELECT unit.id, 'C-' || %(unit)s, '', 'Bench', '', now(), user_id, 'api', 0 FROM unit, author RETURNING id
), referrals AS (
  INSERT INTO referrals_referral
    (sender_id, recipient_id, disclosed, case_id, reference, state, instrument, area, category, keywords, urgency,
     legal_basis, reasons, language, tlp, pap, item_count, open_count, filed_at, created_by_id, sent_at, received_at,
     due_at)
  SELECT unit.id, platform.id, true, the_case.id, 'R-' || %(unit)s || '-' || number, 'received', 'referral',
         'terrorism', 'STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY', '{}', 'day', '', 'Reasons.', 'en', 'amber',
         'amber', 10, 10, at, user_id, at, at, at + interval '1 day'
    FROM unit, author, the_case, generate_series(1, %(items)s / 10) AS number
    JOIN platform ON platform.n = number %% 20,
         LATERAL (SELECT now() - number * interval '10 minutes' AS at) AS moment
  RETURNING id, sender_id, recipient_id, reference, filed_at, due_at
)
INSERT INTO referrals_item
  (sender_id, recipient_id, disclosed, referral_id, reference, row, external_id, url_raw, url, url_hash, host,
   content_type, content_language, account, note, filed_at, due_at)
SELECT sender_id, recipient_id, true, id, replace(reference, 'R-', 'I-') || '-' || k, k, '', address, address,
       sha256(address::bytea), 'bench.example', '', '', '', '', filed_at, due_at
  FROM referrals, generate_series(1, 10) AS k,
       LATERAL (SELECT 'https://bench.example/' || id || '/' || k AS address) AS given
"""


def build(items: int) -> dict[str, str]:
    """Fill the database; returns tokens and e-mail addresses to knock with."""
    with acting_as(AS_OWNER):
        units = {name: ReferralUnitFactory(slug=name, name=name) for name in ("bench-writer", f"bench-{items}")}
        platforms = [PlatformFactory(slug=f"bench-{items}-platform-{n}", name=f"Bench {items} {n}") for n in range(20)]
        people = {name: member(unit, Role.OFFICER) for name, unit in units.items()}
        contact = member(platforms[0], Role.CONTACT_POINT)
        for user in (*people.values(), contact):
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
        tokens = {name: token_for(units[name], Role.OFFICER, people[name]) for name in units}
        tokens["platform"] = token_for(platforms[0], Role.CONTACT_POINT, contact)
        with connection.cursor() as cursor:
            cursor.execute(ITEMS, {"unit": f"bench-{items}", "platforms": f"bench-{items}-platform-%", "items": items})
            cursor.execute("ANALYZE")
    return {"writer": tokens["bench-writer"], "reader": tokens[f"bench-{items}"], "platform": tokens["platform"],
            "reader_id": str(people[f"bench-{items}"].pk), "host": f"{platforms[0].slug}.example"}  # fmt: skip


def session_of(user_id: str) -> str:
    """A signed-in browser's cookie."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from apps.accounts.models import User

    user = User.objects.get(pk=user_id)
    session = SessionStore()
    session.update(
        {
            SESSION_KEY: user_id,
            BACKEND_SESSION_KEY: "allauth.account.auth_backends.AuthenticationBackend",
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
    )
    session.save()
    return f"portal_session={session.session_key}"

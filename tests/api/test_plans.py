"""Pages can walk an index: the first as well as a deep one, with nothing to sort.

How many rows make that worth while is PostgreSQL's to judge, so sorting is made unattractive here: what still sorts
has no index that serves its order.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.roles import Role
from tests.factories import CaseFactory, PlatformFactory, ReferralUnitFactory

# 2,000 referrals of 5 items, every twentieth to the small platform, every other one answered.
MANY = """
INSERT INTO referrals_referral
  (sender_id, recipient_id, disclosed, case_id, reference, state, instrument, area, category, keywords, urgency,
   reasons, language, tlp, pap, legal_basis, item_count, open_count, filed_at, created_by_id, sent_at, received_at,
   due_at)
SELECT %(sender)s, CASE WHEN n %% 20 = 0 THEN %(small)s ELSE %(big)s END, true, %(case)s, 'R-MANY-' || n,
       CASE WHEN n %% 2 = 0 THEN 'received' ELSE 'answered' END, 'referral', 'other', 'STATEMENT_CATEGORY_VIOLENCE',
       '{}', 'day', 'x', 'en', 'amber', 'amber', '', 5, 5, now() - n * interval '1 minute', %(person)s,
       now() - n * interval '1 minute', now(), CASE WHEN n %% 2 = 0 THEN now() + n * interval '1 minute' END
  FROM generate_series(1, 2000) n;
INSERT INTO referrals_item
  (sender_id, recipient_id, disclosed, referral_id, reference, row, external_id, url_raw, url, url_hash, host,
   content_type, content_language, account, note, state, outcome, decided_at, due_at, filed_at)
SELECT sender_id, recipient_id, true, id, 'I-' || id || '-' || n, n, '', 'https://a.example/', 'https://a.example/',
       sha256((id || '/' || n)::bytea), 'a.example', '', '', '', '',
       CASE state WHEN 'received' THEN 'open' ELSE 'decided' END, CASE state WHEN 'received' THEN '' ELSE 'REMOVED' END,
       CASE state WHEN 'answered' THEN now() END, due_at, filed_at
  FROM referrals_referral, generate_series(1, 5) n WHERE reference LIKE 'R-MANY-%%';
ANALYZE referrals_referral, referrals_item, referrals_case, organisations_organisation;
"""


@pytest.fixture
def clients(api):
    unit, big, small = ReferralUnitFactory.create(), PlatformFactory.create(), PlatformFactory.create()
    case = CaseFactory.create(organisation=unit)
    facts = {"sender": unit.pk, "big": big.pk, "small": small.pk, "case": case.pk, "person": case.created_by_id}
    with connection.cursor() as cursor:
        cursor.execute(MANY, facts)
    return {"sender": api(unit, Role.OFFICER), "platform": api(big, Role.CONTACT_POINT)}


def plan_of(client, path: str) -> str:
    """How PostgreSQL finds the rows of a page."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    known = [one["sql"] or "" for one in asked.captured_queries]  # what was planned earlier has no text in this log
    (page,) = [text for text in known if "ORDER BY" in text and "LIMIT" in text]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_incremental_sort = off")
        cursor.execute("EXPLAIN (COSTS OFF) " + page.replace("%", "%%"))
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize(
    ("who", "path", "index"),
    [
        ("platform", "items/", "item_worklist"),
        ("platform", "items/?order=newest", "item_inbox"),
        ("platform", "items/?state=decided", "item_inbox"),
        ("sender", "items/", "item_outbox"),
        ("platform", "referrals/", "referral_inbox"),
        ("platform", "referrals/?order=due", "referral_inbox_due"),
        ("sender", "referrals/", "referral_outbox"),
        ("sender", "referrals/?order=due", "referral_outbox_due"),
        ("sender", "referrals/?state=answered", "referral_outbox_by_state"),
    ],
)
def test_a_page_can_walk_its_index(clients, who, path, index):
    client = clients[who]
    deep = client.get(client.get(path).json()["next"]).json()["next"]
    for page in (path, deep):
        plan = plan_of(client, page)
        assert f"Index Scan using {index} " in plan
        assert "Sort" not in plan
    assert "Index Cond: " in plan and "ROW(" in plan

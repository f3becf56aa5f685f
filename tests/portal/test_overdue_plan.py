"""The board of what is overdue stays quick: its page walks an index, and its figures read what is late once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.roles import Role
from tests.factories import CaseFactory, PlatformFactory, ReferralUnitFactory, member

# 2,000 referrals to two platforms, half of them answered, the rest late by up to 1,000 minutes.
MANY = """
INSERT INTO referrals_referral
  (sender_id, recipient_id, disclosed, case_id, reference, state, instrument, area, category, keywords, urgency,
   reasons, language, tlp, pap, legal_basis, item_count, open_count, filed_at, created_by_id, sent_at, received_at,
   due_at)
SELECT %(sender)s, CASE WHEN n %% 20 = 0 THEN %(small)s ELSE %(big)s END, true, %(case)s, 'R-MANY-' || n,
       CASE WHEN n %% 2 = 0 THEN 'received' ELSE 'answered' END, 'referral', 'other', 'STATEMENT_CATEGORY_VIOLENCE',
       '{}', 'day', 'x', 'en', 'amber', 'amber', '', 5, 5, now() - n * interval '1 minute', %(person)s,
       now() - n * interval '1 minute', now() - interval '2 days', now() - n * interval '30 seconds'
  FROM generate_series(1, %(count)s) n;
ANALYZE referrals_referral, referrals_case, organisations_organisation;
"""


@pytest.fixture
def clients(client_of):
    unit, big, small = ReferralUnitFactory.create(), PlatformFactory.create(), PlatformFactory.create()
    case = CaseFactory.create(organisation=unit)
    facts = {"sender": unit.pk, "big": big.pk, "small": small.pk, "case": case.pk, "person": case.created_by_id}
    with connection.cursor() as cursor:
        cursor.execute(MANY, {**facts, "count": 2000})
    return {"sender": client_of(unit, Role.OFFICER), "platform": client_of(big, Role.CONTACT_POINT)}


@pytest.fixture
def client_of(client):
    def client_of(organisation, role):
        own = type(client)()
        own.force_login(member(organisation, role))
        return own

    return client_of


@pytest.mark.parametrize(("who", "index"), [("sender", "referral_outbox_due"), ("platform", "referral_inbox_due")])
@pytest.mark.parametrize("age", ["", "days", "soon"])
def test_a_page_walks_the_index_of_due_times(clients, who, index, age):
    with CaptureQueriesContext(connection) as asked:
        assert clients[who].get(reverse("portal:overdue"), {"age": age}).status_code == 200
    known = [one["sql"] or "" for one in asked.captured_queries]
    (page,) = [text for text in known if "ORDER BY" in text and "LIMIT 51" in text]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_incremental_sort = off")
        cursor.execute("EXPLAIN (COSTS OFF) " + page.replace("%", "%%"))
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert index in plan and "Sort" not in plan.partition("SubPlan")[0], plan


def test_the_figures_read_what_is_late_once(clients):
    with CaptureQueriesContext(connection) as asked:
        clients["sender"].get(reverse("portal:overdue"))
    counting = [one["sql"] or "" for one in asked.captured_queries if "COUNT(" in (one["sql"] or "")]
    assert len([text for text in counting if "referrals_referral" in text]) == 1

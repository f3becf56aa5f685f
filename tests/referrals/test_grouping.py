from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.roles import Role
from apps.referrals import selectors
from apps.referrals.grouping import Grouping, read_grouped
from apps.referrals.models import Item
from apps.referrals.selectors import Wanted
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, principal_for
from tests.factories.referrals import MONDAY

KEYS = [Grouping.SENDER, Grouping.INSTRUMENT, Grouping.CONTENT]


@pytest.fixture
def platform():
    return PlatformFactory.create()


@pytest.fixture
def contact(platform):
    return principal_for(platform, Role.CONTACT_POINT)


@pytest.fixture
def worklist(platform, contact):
    """Two senders, instruments and categories in turn; two at the same time, two without a due time."""
    senders = ReferralUnitFactory.create_batch(2)
    instruments = ["referral", "notice"]
    categories = ["STATEMENT_CATEGORY_VIOLENCE", "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"]
    for number, hour in enumerate([5, 1, 1, 2, None, 3, None, 4]):
        ReferralFactory.create(
            sender=senders[number % 2],
            recipient=platform,
            state="acknowledged",
            instrument=instruments[number // 2 % 2],
            category=categories[number // 4 % 2],
            due_at=None if hour is None else MONDAY + timedelta(hours=hour),
            items=1 + number % 3,
        )
    ReferralFactory.create(recipient=platform, state="answered"), ReferralFactory.create(state="received")
    rows = selectors.items(contact, Wanted(), at=MONDAY)
    return rows.select_related("referral")


def expected(platform, grouping):
    rows = Item.objects.filter(recipient=platform, state="open").select_related("referral")
    last = MONDAY + timedelta(days=99)
    return [
        row.pk
        for row in sorted(
            rows,
            key=lambda row: (
                getattr(row.referral, grouping.column),
                row.referral.due_at or last,
                row.referral_id,
                row.pk,
            ),
        )
    ]


def walk(rows, grouping, by, size):
    pages = [read_grouped(rows, grouping, by=by, size=size)]
    while pages[-1].next:
        pages.append(read_grouped(rows, grouping, by=by, cursor=pages[-1].next, size=size))
    back = [pages[-1]]
    while back[-1].previous:
        back.append(read_grouped(rows, grouping, by=by, cursor=back[-1].previous, size=size))
    return pages, back


@pytest.mark.parametrize("grouping", KEYS)
@pytest.mark.parametrize("size", [1, 2, 3, 5, 50])
class TestEveryGrouping:
    def test_shows_every_open_item_once_due_first_in_each_group(self, worklist, contact, platform, grouping, size):
        pages, _back = walk(worklist, grouping, contact, size)
        assert [row.pk for page in pages for row in page.rows] == expected(platform, grouping)

    def test_leads_back_to_the_beginning(self, worklist, contact, platform, grouping, size):
        pages, back = walk(worklist, grouping, contact, size)
        assert back[-1].previous is None
        assert [row.pk for row in back[-1].rows] == [row.pk for row in pages[0].rows]


@pytest.mark.parametrize("grouping", KEYS)
@pytest.mark.parametrize("cursor", ["x", "e30", "bnVsbA", "WyJzZW5kZXIiLCJhIiwieCIsbnVsbCwxLDFd", "ÄÖ"])
def test_a_cursor_that_is_none_of_ours_gives_the_first_page(worklist, contact, grouping, cursor):
    page = read_grouped(worklist, grouping, by=contact, cursor=cursor, size=2)
    assert page.previous is None and len(page.rows) == 2


# 2,000 referrals of 5 open items from two senders.
MANY = """
INSERT INTO referrals_referral
  (sender_id, recipient_id, disclosed, case_id, reference, state, instrument, area, category, keywords, urgency,
   reasons, language, tlp, pap, legal_basis, item_count, open_count, filed_at, created_by_id, sent_at, received_at,
   due_at)
SELECT sender_id, recipient_id, true, case_id, 'R-MANY-' || id || '-' || n, 'received',
       (ARRAY['referral', 'notice'])[n %% 2 + 1],
       'other', (ARRAY['STATEMENT_CATEGORY_VIOLENCE', 'STATEMENT_CATEGORY_SCAMS_AND_FRAUD'])[n %% 2 + 1], '{}', 'day',
       'x', 'en', 'amber', 'amber', '', 5, 5, now(), created_by_id, now(), now(), now() + n * interval '1 minute'
  FROM referrals_referral, generate_series(1, 2000 / %(senders)s) n WHERE id = ANY(%(like)s);
INSERT INTO referrals_item
  (sender_id, recipient_id, disclosed, referral_id, reference, row, external_id, url_raw, url, url_hash, host,
   content_type, content_language, account, note, state, outcome, due_at, filed_at)
SELECT sender_id, recipient_id, true, id, 'I-' || id || '-' || n, n, '', 'https://a.example/', 'https://a.example/',
       sha256((id || '/' || n)::bytea), 'a.example', '', '', '', '', 'open', '', due_at, filed_at
  FROM referrals_referral, generate_series(1, 5) n WHERE reference LIKE 'R-MANY-%%';
ANALYZE referrals_referral, referrals_item;
"""


@pytest.mark.parametrize("grouping", KEYS)
def test_a_page_can_walk_its_index(worklist, contact, platform, acting, grouping):
    with connection.cursor() as cursor:
        one_of_each = list({row.sender_id: row.referral_id for row in worklist}.values())
        cursor.execute(MANY, {"like": one_of_each, "senders": len(one_of_each)})
    with acting(contact):
        second = read_grouped(worklist, grouping, by=contact, size=50).next
        with CaptureQueriesContext(connection) as asked:
            read_grouped(worklist, grouping, by=contact, cursor=second, size=50)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("EXPLAIN (COSTS OFF) " + asked.captured_queries[0]["sql"].replace("%", "%%"))
            plan = "\n".join(row[0] for row in cursor.fetchall())
    name = grouping.column.removesuffix("_id")
    indexes = (f"waiting_by_{name}", "inbox_due", "outbox_due")  # of one value the order by due time is the same
    assert any(f"Index Scan using referral_{one} " in plan for one in indexes), plan
    assert "->  Sort\n" not in plan, "only the items of one referral are sorted"

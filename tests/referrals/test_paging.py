from datetime import timedelta

import pytest

from apps.referrals.models import Referral
from apps.referrals.paging import Order, read_page
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory
from tests.factories.referrals import MONDAY

FILED = Order("filed_at", descending=True)
DUE = Order("due_at", may_be_empty=True)


@pytest.fixture
def seven():
    """Seven referrals, two pairs of them at the same moment, two of them without a due time."""
    parties = {"sender": ReferralUnitFactory(), "recipient": PlatformFactory()}
    hours = [0, 1, 1, 2, 2, None, None]
    for number, hour in enumerate(hours):
        ReferralFactory(
            **parties,
            state="acknowledged",
            filed_at=MONDAY + timedelta(hours=number // 2),
            due_at=None if hour is None else MONDAY + timedelta(days=2, hours=hour),
        )
    return Referral.objects.filter(sender=parties["sender"])


def walk(rows, order, *, size):
    """All pages forwards, then back again."""
    pages = [read_page(rows, order, size=size)]
    while pages[-1].next:
        pages.append(read_page(rows, order, cursor=pages[-1].next, size=size))
    back = [pages[-1]]
    while back[-1].previous:
        back.append(read_page(rows, order, cursor=back[-1].previous, size=size))
    return pages, back


@pytest.mark.parametrize("order", [FILED, FILED.reversed(), DUE, DUE.reversed()])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
class TestEveryOrder:
    def test_shows_every_row_once_in_the_database_order(self, seven, order, size):
        pages, _back = walk(seven, order, size=size)
        assert [row.pk for page in pages for row in page.rows] == [row.pk for row in seven.order_by(*order.columns())]

    def test_leads_back_to_the_beginning(self, seven, order, size):
        pages, back = walk(seven, order, size=size)
        assert back[-1].previous is None
        assert [row.pk for row in back[-1].rows] == [row.pk for row in pages[0].rows]


class TestACursor:
    def test_survives_the_deletion_of_the_row_it_names(self, seven):
        first = read_page(seven, DUE, size=2)
        expected = [row.pk for row in read_page(seven, DUE, cursor=first.next, size=2).rows]
        seven.filter(pk=first.rows[-1].pk).delete()
        assert [row.pk for row in read_page(seven, DUE, cursor=first.next, size=2).rows] == expected

    @pytest.mark.parametrize(
        "cursor", ["", "x", "e30", "WzEsMl0", "ÄÖ", "bnVsbA", "WyJkdWVfYXQiLGZhbHNlLCJhIiwieCIsMV0"]
    )
    def test_that_is_none_of_ours_gives_the_first_page(self, seven, cursor):
        page = read_page(seven, DUE, cursor=cursor, size=2)
        assert page.previous is None and page.rows == read_page(seven, DUE, size=2).rows

    def test_of_another_order_gives_the_first_page(self, seven):
        cursor = read_page(seven, FILED, size=2).next
        assert read_page(seven, DUE, cursor=cursor, size=2).previous is None

    def test_back_to_a_short_beginning_shows_a_whole_first_page(self, seven):
        second = read_page(seven, DUE, cursor=read_page(seven, DUE, size=1).next, size=3)
        assert len(read_page(seven, DUE, cursor=second.previous, size=3).rows) == 3


def test_a_page_with_everything_on_it_is_whole(seven):
    assert read_page(seven, DUE, size=7).is_whole
    assert not read_page(seven, DUE, size=6).is_whole

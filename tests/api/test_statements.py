"""Statements of reasons by API: with answers, as a list in the official format, and those a platform brings itself."""

import pytest

from apps.referrals.models import Decision, Item, Statement
from apps.referrals.transitions import State
from tests.factories import ReferralFactory


@pytest.fixture
def item(video):
    ReferralFactory.create(recipient=video, state=State.RECEIVED)
    return Item.objects.get()


def removal(item, **more):
    law = {"ground": "DECISION_GROUND_ILLEGAL_CONTENT", "legal_ground": "Section 91"}
    return {"item": item.reference, "outcome": "REMOVED", **law, **more}


def answered(contact, *answers):
    return contact.post("items/answer/", {"answers": answers}).json()["rows"]


class TestAnswers:
    def test_may_say_more_for_the_statement(self, contact, item):
        more = {"content_date": "2026-02-01", "content_language": "DE", "ean_13": "4006381333931"}
        one = removal(item, restrictions=["DECISION_ACCOUNT_SUSPENDED"], statement=more)

        assert [row["result"] for row in answered(contact, one)] == ["decided"]

        content = Statement.objects.get().content
        assert content["decision_account"] == "DECISION_ACCOUNT_SUSPENDED"
        assert (content["content_date"], content["content_language"]) == ("2026-02-01", "DE")
        (row,) = contact.get("items/", {"state": "decided"}).json()["results"]
        assert row["decision"]["restrictions"] == ["DECISION_VISIBILITY_CONTENT_REMOVED", "DECISION_ACCOUNT_SUSPENDED"]
        assert row["decision"]["ends_on"] is None

    @pytest.mark.parametrize(
        ("statement", "detail"),
        [
            ({"content_kind": "x"}, "content_kind"),
            ({"content_date": "yesterday"}, "content_date"),
            ("x", "object"),
            ({"category": "STATEMENT_CATEGORY_SCOPE_OF_PLATFORM_SERVICE"}, "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"),
            ({"ean_13": "12"}, "EAN-13"),
        ],
    )
    def test_say_which_field_of_the_statement_is_wrong(self, contact, item, statement, detail):
        (row,) = answered(contact, removal(item, statement=statement))
        assert row["result"] == "refused"
        assert detail in row["detail"]
        assert not Decision.objects.exists()

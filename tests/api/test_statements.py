"""Statements of reasons by API: with answers, as a list in the official format, and those a platform brings itself."""

import json

import pytest

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.referrals.models import Decision, Item, Statement
from apps.referrals.statements.shape import FIELDS
from apps.referrals.transitions import State
from tests.factories import PlatformFactory, ReferralFactory
from tests.statements.checker import faults
from tests.statements.examples import statement, whole_statement


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

    def test_say_the_puid_of_the_statement(self, contact, video):
        ReferralFactory.create(recipient=video, state=State.RECEIVED, items=3)
        first, second, third = Item.objects.order_by("pk")
        contact.post("statements/", statement())
        nothing = {"item": second.reference, "outcome": "NOT_FOUND"}
        rows = answered(contact, removal(first), nothing, removal(third, puid="pf-2026-000001"), {"item": "x"})
        made = Statement.objects.get(item=first).puid
        assert [row["puid"] for row in rows] == [made, None, "pf-2026-000001", None]

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


class TestTheList:
    def test_is_in_the_databases_own_format(self, contact, video):
        ReferralFactory.create(recipient=video, state=State.RECEIVED, items=3)
        answered(contact, *[removal(item) for item in Item.objects.order_by("pk")])

        page = contact.get("statements/", {"page_size": 2}).json()

        assert page.keys() == {"statements", "next", "previous"}
        assert [faults(one) for one in page["statements"]] == [[], []]
        rest = contact.get(page["next"]).json()
        puids = [one["puid"] for one in page["statements"] + rest["statements"]]
        assert puids == list(Statement.objects.order_by("pk").values_list("puid", flat=True))
        assert AuditEntry.objects.filter(verb="statement.listed").count() == 2

    def test_is_narrowed(self, contact, item, video):
        answered(contact, removal(item))
        contact.post("statements/", statement())
        other = ReferralFactory.create(recipient=video, state=State.RECEIVED)
        (ours,) = Statement.objects.filter(origin="portal")
        moment = ours.created_at.isoformat()
        for query, puids in [
            ({"puid": ours.puid}, [ours.puid]),
            ({"puid": "nobody"}, []),
            ({"origin": "platform"}, ["pf-2026-000001"]),
            ({"item": item.reference}, [ours.puid]),
            ({"referral": item.referral.reference}, [ours.puid]),
            ({"referral": other.reference}, []),
            ({"since": moment, "until": moment}, []),
            ({"since": moment, "origin": "portal"}, [ours.puid]),
        ]:
            assert [one["puid"] for one in contact.get("statements/", query).json()["statements"]] == puids, query

    def test_is_a_platforms_own(self, contact, officer, item, api):
        answered(contact, removal(item))
        assert officer.get("statements/").status_code == 403
        assert api(PlatformFactory.create(), Role.CONTACT_POINT).get("statements/").json()["statements"] == []
        assert api(item.recipient, Role.ADMINISTRATOR).get("statements/").status_code == 403

    @pytest.mark.parametrize("count", [1, 30])
    def test_takes_the_same_number_of_queries_however_long(self, contact, video, count, django_assert_num_queries):
        ReferralFactory.create(recipient=video, state=State.RECEIVED, items=count)
        answered(contact, *[removal(item) for item in Item.objects.all()])
        with django_assert_num_queries(7):  # token; savepoint, context; page, log; context, release
            assert len(contact.get("statements/").json()["statements"]) == count


class TestLoading:
    def test_gives_back_what_came(self, contact):
        sent = [whole_statement(number) for number in range(12)]
        rows = contact.post("statements/", {"statements": sent}).json()["rows"]
        assert [(row["row"], row["puid"], row["result"]) for row in rows] == [
            (place, one["puid"], "stored") for place, one in enumerate(sent)
        ]
        came = contact.get("statements/").json()["statements"]
        assert came == sent
        assert json.dumps(came[0]) == json.dumps({name: sent[0][name] for name in FIELDS if name in sent[0]})

    @pytest.mark.shared_fixtures
    def test_gives_back_the_official_examples(self, contact, shared):
        single = (shared / "tdb" / "example_statement.json").read_bytes()
        many = (shared / "tdb" / "example_multi_statements.json").read_bytes()
        for raw in (single, many):
            rows = contact.post("statements/", raw=raw).json()["rows"]
            assert {(row["result"], row["code"]) for row in rows} == {("stored", None)}
        came = {one["puid"]: one for one in contact.get("statements/").json()["statements"]}
        sent = [json.loads(single), *json.loads(many)["statements"]]
        assert len(sent) == 11
        assert [came[one["puid"]] for one in sent] == sent

    def test_takes_one_by_itself(self, contact):
        (row,) = contact.post("statements/", statement()).json()["rows"]
        assert row == {
            "row": 0,
            "puid": "pf-2026-000001",
            "result": "stored",
            "code": None,
            "detail": None,
            "problems": [],
        }
        found = Statement.objects.get()
        assert (found.origin, found.schema_version, found.decision_id) == ("platform", "2", None)

    def test_gives_each_its_own_result(self, contact):
        contact.post("statements/", statement())
        rows = contact.post(
            "statements/",
            {
                "statements": [
                    statement(),
                    statement(permalink="https://database.example/1"),
                    statement(decision_facts="Another story."),
                    statement(puid="new"),
                    statement(puid="new"),
                    statement(puid="old-code", category="STATEMENT_CATEGORY_UNSAFE_AND_ILLEGAL_PRODUCTS"),
                    statement(puid="voluntary", source_type="SOURCE_VOLUNTARY", source_identity="Somebody"),
                    statement(puid="a\x00b"),
                    7,
                ]
            },
        ).json()["rows"]
        assert [(row["result"], row["code"]) for row in rows] == [
            ("known", None),
            ("known", None),
            ("refused", "puid_taken"),
            ("stored", None),
            ("refused", "puid_twice"),
            ("refused", "invalid_statement"),
            ("stored", "source_identity_dropped"),
            ("refused", "invalid_statement"),
            ("refused", "invalid_statement"),
        ]
        assert "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS" in rows[5]["detail"]
        assert [(one["field"], one["code"]) for one in rows[5]["problems"]] == [("category", "renamed_code")]
        assert "source_identity" not in Statement.objects.get(puid="voluntary").content
        assert Statement.objects.count() == 3

    def test_the_portals_own_statement_comes_back_as_known(self, contact, item):
        """A platform that loads its whole export sends the portal's statements along."""
        answered(contact, removal(item))
        (made,) = contact.get("statements/").json()["statements"]
        (row,) = contact.post("statements/", {**made, "uuid": "5f0c", "content_id": None}).json()["rows"]
        assert row["result"] == "known"
        assert Statement.objects.count() == 1

    def test_keeps_the_puids_of_platforms_apart(self, contact, api):
        other = api(PlatformFactory.create(), Role.CONTACT_POINT)
        for one in (contact, other):
            (row,) = one.post("statements/", statement()).json()["rows"]
            assert row["result"] == "stored"

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ([], "invalid"),
            ({"statements": {}}, "invalid"),
            ({"statements": [], "more": 1}, "unknown_field"),
            ({"statements": [{}] * 101}, "too_many_rows"),
        ],
    )
    def test_refuses_another_shape(self, contact, body, code):
        response = contact.post("statements/", body)
        assert (response.status_code, response.json()["code"]) == (422, code)

    @pytest.mark.parametrize("count", [1, 100])
    def test_costs_the_same_number_of_statements(self, contact, count, django_assert_num_queries):
        sent = [whole_statement(number) for number in range(count)]
        contact.get("me/")
        with django_assert_num_queries(13):
            rows = contact.post("statements/", {"statements": sent}).json()["rows"]
        assert {row["result"] for row in rows} == {"stored"}

    def test_is_a_platforms_alone(self, officer):
        assert officer.post("statements/", statement()).status_code == 403


class TestAnAnswerWithAPuid:
    def test_makes_the_platforms_own_statement_the_decisions(self, contact, item):
        contact.post("statements/", statement())
        (row,) = answered(contact, removal(item, puid="pf-2026-000001"))
        assert row["result"] == "decided"
        (found,) = Statement.objects.all()
        assert (found.item_id, found.decision_id, found.origin) == (item.pk, Decision.objects.get().pk, "platform")

    def test_uses_a_statement_once(self, contact, video):
        ReferralFactory.create(recipient=video, state=State.RECEIVED, items=3)
        first, second, third = Item.objects.order_by("pk")
        contact.post("statements/", statement())
        mine = {"puid": "pf-2026-000001"}
        rows = answered(contact, removal(first, **mine), removal(second, **mine))
        rows += answered(contact, removal(third, **mine), removal(third, puid="unknown"))
        assert [row["code"] for row in rows] == [None, "unknown_puid", "unknown_puid", "unknown_puid"]

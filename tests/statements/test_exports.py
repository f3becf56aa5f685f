"""A platform's own export: which items its rows are about, a dry run, and answers with its own statements."""

import csv
import io
import json
from datetime import timedelta

import pytest

from apps.accounts.roles import Role
from apps.core.references import check_symbol, new_references
from apps.referrals import services
from apps.referrals.intake.decoding import TableRefused
from apps.referrals.intake.exports import ExportRefused, read_export
from apps.referrals.intake.rejects import Reject, write_rejects
from apps.referrals.models import Decision, Item, Statement, StatementExport, Tracking
from apps.referrals.services import ExportUsed
from apps.referrals.statements.reading import answer_of
from apps.referrals.transitions import ItemState, State
from apps.tenancy.context import acting_as
from tests.factories import PlatformFactory, ReferralFactory, principal_for
from tests.factories.referrals import MONDAY
from tests.statements.examples import statement, whole_statement

FRIDAY = MONDAY + timedelta(days=4)
REFERENCE = "I-7KQ4-93DM-2F6H-" + check_symbol("I", "7KQ493DM2F6H")


@pytest.fixture
def contact():
    return principal_for(PlatformFactory.create(), Role.CONTACT_POINT)


@pytest.fixture
def items(contact):
    """Five open items with references as the portal makes them."""
    ReferralFactory.create(recipient_id=contact.organisation_id, state=State.RECEIVED, items=5)
    found = list(Item.objects.order_by("pk"))
    for item, reference in zip(found, new_references("I", 5, symbols=12), strict=True):
        item.reference = reference
        item.save()
    return found


def keep(contact, content, name="export.json"):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    with acting_as(contact):
        return services.keep_export(name=name, content=data, by=contact, at=FRIDAY)


def tried(contact, export):
    with acting_as(contact):
        return services.results_of(export, by=contact, at=FRIDAY)


def used(contact, export):
    with acting_as(contact):
        return services.use_export(export, by=contact, at=FRIDAY).results


def as_csv(rows):
    """Lists as JSON, as the database's own dumps have them; a time behind each date."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    for row in rows:
        cells = {name: json.dumps(value) if isinstance(value, list | dict) else value for name, value in row.items()}
        writer.writerow(
            {name: f"{value} 00:00:00" if "date" in name and value else value for name, value in cells.items()}
        )
    return out.getvalue().encode()


class TestReading:
    def test_takes_json_in_every_shape(self):
        one = statement()
        for whole in (one, [one], {"statements": [one]}):
            (row,) = read_export(json.dumps(whole).encode("utf-8-sig"))
            assert (row.statement, row.puid, row.line) == (one, one["puid"], 1)

    @pytest.mark.shared_fixtures
    def test_takes_the_official_examples(self, shared):
        many = (shared / "tdb" / "example_multi_statements.json").read_bytes()
        assert [row.statement for row in read_export(many)] == json.loads(many)["statements"]

    def test_takes_a_table_with_the_same_fields(self):
        rows = [whole_statement(number) for number in range(3)]
        given = [{name: value for name, value in row.items() if value not in (None, [])} for row in rows]
        read = read_export(as_csv([{**row, "platform_uid": "x"} for row in given]))
        assert [row.statement for row in read] == given
        assert [row.line for row in read] == [2, 4, 6], "a row of the file may run over several lines"

    @pytest.mark.parametrize("cell", ["DE,GR", "DE; GR", "DE|GR", '["DE", "GR"]', "DE GR"])
    def test_takes_lists_as_people_write_them(self, cell):
        (row,) = read_export(as_csv([{"puid": "x", "territorial_scope": cell, "content_id": "4006381333931"}]))
        assert row.statement["territorial_scope"] == ["DE", "GR"]
        assert row.statement["content_id"] == {"EAN-13": "4006381333931"}

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "file_empty"),
            (b"%PDF-1.7", "not_a_table"),
            (b"{", "not_json"),
            (b"[]", "no_statements"),
            (b"url,note\nhttps://x.example/1,y\n", "no_statements"),
            (b"[" + b"[" * 100_000, "not_json"),
            (json.dumps([{}] * 5001).encode(), "too_many_statements"),
        ],
    )
    def test_refuses_what_holds_no_statements(self, content, code):
        with pytest.raises((ExportRefused, TableRefused)) as refusal:
            read_export(content)
        assert refusal.value.code == code

    @pytest.mark.parametrize(
        "numbers",
        [
            {"puid": f"sor-{REFERENCE}-1"},
            {"puid": REFERENCE.lower()},
            {"puid": "x", "platform_reference": f"ticket about {REFERENCE}"},
            {"puid": "x", "item": REFERENCE},
        ],
    )
    def test_finds_references_in_and_beside_the_puid(self, numbers):
        (row,) = read_export(json.dumps(numbers).encode())
        assert row.references == [REFERENCE]


class TestTheAnswerItImplies:
    @pytest.mark.parametrize(
        ("decisions", "outcome"),
        [
            ({}, "REMOVED"),
            ({"decision_visibility": ["DECISION_VISIBILITY_CONTENT_DISABLED"]}, "DISABLED_COUNTRIES"),
            (
                {"decision_visibility": ["DECISION_VISIBILITY_CONTENT_DISABLED"], "territorial_scope": None},
                "DISABLED_EU",
            ),
            ({"decision_visibility": ["DECISION_VISIBILITY_CONTENT_LABELLED"]}, "LABELLED"),
            ({"decision_visibility": ["DECISION_VISIBILITY_OTHER"], "decision_visibility_other": "x"}, "PARTIAL"),
            ({"decision_visibility": None, "decision_account": "DECISION_ACCOUNT_SUSPENDED"}, "ACCOUNT_SUSPENDED"),
            ({"decision_visibility": None, "decision_monetary": "DECISION_MONETARY_SUSPENSION"}, "MONETARY"),
            ({"decision_visibility": None, "decision_provision": "DECISION_PROVISION_TOTAL_SUSPENSION"}, "SERVICE"),
        ],
    )
    def test_is_the_gravest_restriction(self, decisions, outcome):
        found = answer_of(statement(**decisions), "I-1", puid="")
        assert found.outcome == outcome

    def test_says_all_that_the_statement_says(self, contact, items):
        """Answered without its own statement, an item gets one that says the same."""
        given = whole_statement() | {"end_date_monetary_restriction": "2026-09-01"}
        with acting_as(contact):
            one = answer_of(given, items[0].reference, puid="")
            (result,) = services.answer([one], channel="api", by=contact, at=FRIDAY)
        assert (result.result, result.detail) == ("decided", "")
        made = Statement.objects.get().content
        expected = {name: value for name, value in given.items() if value not in (None, [])}
        for name in ("puid", "source_type", "category_specification", "platform_name", "permalink"):
            made.pop(name, None)
            expected.pop(name, None)
        assert made == expected


class TestMatching:
    def test_is_by_reference_by_number_and_by_address(self, contact, items):
        Tracking.objects.create(
            organisation_id=contact.organisation_id,
            sender=items[1].sender,
            item=items[1],
            number="T-77",
            changed_at=MONDAY,
            changed_by_id=contact.user_id,
        )
        rows = [
            statement(puid=f"sor-{items[0].reference}"),
            statement(puid="T-77"),
            {**statement(puid="by-address"), "url": items[2].url.replace("https://", "HTTPS://")},
            {**statement(puid="beside"), "platform_reference": items[3].reference},
            statement(puid="about-nothing"),
            statement(puid="not valid"),
        ]
        results = tried(contact, keep(contact, rows))
        assert [(row["result"], row["items"]) for row in results] == [
            ("answered", [items[0].reference]),
            ("answered", [items[1].reference]),
            ("answered", [items[2].reference]),
            ("answered", [items[3].reference]),
            ("unmatched", []),
            ("invalid", []),
        ]
        assert not Decision.objects.exists() and not Statement.objects.exists()

    def test_never_finds_anybody_elses(self, contact):
        ReferralFactory.create(state=State.RECEIVED)
        theirs = Item.objects.get()
        rows = [{**statement(), "url": theirs.url, "item": theirs.reference}]
        assert [row["result"] for row in tried(contact, keep(contact, rows))] == ["unmatched"]

    def test_leaves_alone_what_is_decided_used_taken_or_named_twice(self, contact, items):
        first, second, third, fourth, fifth = items
        fifth.state, fifth.outcome, fifth.decided_at = ItemState.DECIDED, "REMOVED", MONDAY
        fifth.save()
        with acting_as(contact):
            services.load_statements([statement(puid="taken")], by=contact, at=MONDAY)
        rows = [
            {**statement(puid="a"), "item": first.reference},
            {**statement(puid="b"), "item": first.reference},
            {**statement(puid="a"), "item": second.reference},
            {**statement(puid="taken", decision_facts="Another story."), "item": third.reference},
            {**statement(puid="d", application_date="2026-03-07"), "item": fourth.reference},
            {**statement(puid="e"), "item": fifth.reference},
        ]
        results = tried(contact, keep(contact, rows))
        assert [row["result"] for row in results] == [
            "answered",
            "invalid",
            "invalid",
            "invalid",
            "invalid",
            "decided",
        ]
        assert all(row["detail"] for row in results[1:])

    def test_takes_the_same_number_of_queries_for_any_file(self, contact, items, django_assert_max_num_queries):
        rows = [{**statement(puid=f"x{place}"), "url": f"https://x.example/{place}"} for place in range(300)]
        export = keep(contact, [*rows, {**statement(), "item": items[0].reference}])
        with acting_as(contact), django_assert_max_num_queries(5):
            services.results_of(export, by=contact, at=FRIDAY)


class TestUsing:
    def test_answers_with_the_platforms_own_statements(self, contact, items):
        rows = [
            {**statement(puid=f"{item.reference}-own"), "permalink": "https://database.example/1"} for item in items[:3]
        ]
        export = keep(contact, [*rows, statement(puid="about-nothing")])

        results = used(contact, export)

        assert [row["result"] for row in results] == ["answered"] * 3 + ["unmatched"]
        assert results[3]["given"]["puid"] == "about-nothing" and results[0]["given"] == {}
        kept = Statement.objects.order_by("pk")
        assert [one.content for one in kept] == rows
        assert [one.item_id for one in kept] == [item.pk for item in items[:3]]
        assert {one.origin for one in kept} == {"platform"}
        decision = Decision.objects.order_by("pk").first()
        assert (decision.outcome, decision.ground, decision.channel) == (
            "REMOVED",
            "DECISION_GROUND_INCOMPATIBLE_CONTENT",
            "export",
        )
        assert decision.platform_reference == rows[0]["puid"]
        assert Item.objects.filter(state=ItemState.OPEN).count() == 2

    def test_happens_once(self, contact, items):
        export = keep(contact, [{**statement(), "item": items[0].reference}])
        first = used(contact, export)
        with pytest.raises(ExportUsed):
            used(contact, export)
        assert tried(contact, StatementExport.objects.get()) == first
        assert Decision.objects.count() == 1
        assert bytes(StatementExport.objects.get().content) == b""

    def test_takes_statements_that_were_loaded_before(self, contact, items):
        with acting_as(contact):
            services.load_statements([statement()], by=contact, at=MONDAY)
        used(contact, keep(contact, [{**statement(), "item": items[0].reference}]))
        assert Statement.objects.get().item_id == items[0].pk

    def test_one_address_in_two_referrals_is_answered_in_both(self, contact, items):
        other = ReferralFactory.create(
            recipient_id=contact.organisation_id,
            state=State.RECEIVED,
            items__url=items[0].url,
            items__url_hash=items[0].url_hash,
        )
        rows = [{**statement(decision_visibility=["DECISION_VISIBILITY_OTHER"], decision_visibility_other="Blurred")}]
        rows[0]["url"] = items[0].url
        (row,) = used(contact, keep(contact, rows))
        assert row["items"] == [items[0].reference, other.items.get().reference]
        own, made = Statement.objects.order_by("item_id")
        assert (own.origin, made.origin) == ("platform", "portal")
        assert made.content["decision_visibility_other"] == "Blurred"

    def test_what_is_left_over_can_be_mended_and_sent_again(self, contact, items):
        wrong = {**statement(puid="mend-me", category="X"), "item": items[0].reference}
        results = used(contact, keep(contact, as_csv([wrong]), name="export.csv"))
        left = write_rejects([Reject(row["given"], row["result"], "", row["detail"]) for row in results])
        mended = left.replace(b'"X"', b'"STATEMENT_CATEGORY_VIOLENCE"')
        assert [row["result"] for row in used(contact, keep(contact, mended))] == ["answered"]

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.referrals.models import AnswerSheet, Decision, Item
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, member

EXPORT, CREATE = reverse("portal:items-export"), reverse("portal:sheet-create")
LAW = {"ground": "DECISION_GROUND_ILLEGAL_CONTENT", "legal_ground": "Article 3"}


@pytest.fixture
def unit():
    return ReferralUnitFactory(name="Online Safety Bureau")


@pytest.fixture
def platform():
    return PlatformFactory(slug="vidstream", time_zone="Europe/Dublin")


@pytest.fixture
def contact(client, platform):
    client.force_login(member(platform, Role.CONTACT_POINT))
    return client


@pytest.fixture
def items(unit, platform):
    due_at = timezone.now() + timedelta(days=9)
    referral = ReferralFactory(sender=unit, recipient=platform, state="received", items=4, due_at=due_at)
    return [item.reference for item in referral.items.order_by("pk")]


def exported(client, **asked):
    return list(csv.DictReader(io.StringIO(client.get(EXPORT, asked).content.decode("utf-8-sig"))))


def written(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader(), writer.writerows(rows)
    return out.getvalue().encode()


def load(client, content, name="answers.csv"):
    """The file with its columns as suggested, ready to be checked."""
    response = client.post(CREATE, {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, response.content.decode()
    page = client.get(response.headers["Location"])
    columns = page.context["columns"]
    chosen = {field.name: str(field.value() or "") for field in columns}
    assert client.post(response.headers["Location"], chosen).status_code == 302
    return AnswerSheet.objects.latest("pk")


def check(client, sheet, **asked):
    return client.get(reverse("portal:sheet-check", args=[sheet.key]), asked)


def results(page):
    return [(line.item, str(line.mark.label)) for line in page.context["run"].lines]


class TestTheExport:
    def test_carries_real_addresses_and_room_for_answers(self, contact, items):
        rows = exported(contact)
        assert [row["item"] for row in rows] == items
        assert rows[0]["url"].startswith("https://vidstream.example/") and rows[0]["outcome"] == ""
        assert list(rows[0])[-3:] == ["result", "code", "detail"]

    def test_is_the_list_as_filtered(self, contact, items):
        assert exported(contact, urgency="life") == [] and len(exported(contact, urgency="day")) == 4

    def test_holds_no_formula(self, contact, items):
        Item.objects.update(account="=HYPERLINK(1)", note="@SUM(1)")
        assert {(row["account"], row["note"]) for row in exported(contact)} == {("'=HYPERLINK(1)", "'@SUM(1)")}

    def test_hides_material_nobody_may_look_at(self, contact, unit, platform):
        ReferralFactory(sender=unit, recipient=platform, state="received", area="csam")
        assert exported(contact)[0]["url"] == "Address hidden"

    def test_carries_the_platforms_own_notes(self, contact, items):
        contact.post(reverse("portal:items-act"), {"act": "number", "item": items[0], "number": "T-5512"})
        assert exported(contact)[0]["number"] == "T-5512"

    def test_is_written_down_as_disclosed(self, contact, items):
        exported(contact)
        assert AuditEntry.objects.get(verb="item.exported").details == {"references": items}

    def test_is_for_those_who_may_answer(self, client, unit, items):
        client.force_login(member(unit, Role.OFFICER))
        assert client.get(EXPORT).status_code == client.get(CREATE).status_code == 403


class TestTheWayBack:
    @pytest.fixture
    def rows(self, contact, items):
        rows = exported(contact)
        rows[0] |= {"outcome": "REMOVED", **LAW, "explanation": "=1+1", "acted_at": "2026-07-01 12:30"}
        rows[1] |= {"outcome": "no action", "refusal_reason": "Counter-speech"}
        rows[2] |= {"outcome": "REMOVED"}
        return rows

    def test_says_of_every_row_what_would_happen(self, contact, items, rows):
        page = check(contact, load(contact, written(rows)))
        words = ["Ready", "Ready", "Not taken", "No outcome given"]
        assert results(page) == [*zip(items[:3], words[:3], strict=True), (items[3], words[3])]
        assert "Say whether the content is illegal" in page.content.decode()
        assert not Decision.objects.exists()

    def test_shows_the_rows_of_one_result(self, contact, items, rows):
        page = check(contact, load(contact, written(rows)), result="refused")
        assert results(page) == [(items[2], "Not taken")]

    def test_records_the_good_rows_once(self, contact, items, rows):
        sheet = load(contact, written(rows))
        for _twice in range(2):
            page = contact.post(reverse("portal:sheet-answer", args=[sheet.key]), follow=True)
        text = page.content.decode()
        assert "2 answers were recorded from this file." in text and "recorded already" in text
        assert set(Decision.objects.values_list("item__reference", "outcome", "channel")) == {
            (items[0], "REMOVED", "csv"),
            (items[1], "NO_ACTION", "csv"),
        }
        decision = Decision.objects.get(outcome="REMOVED")
        assert (decision.explanation, decision.acted_at.isoformat()) == ("=1+1", "2026-07-01T11:30:00+00:00")
        assert Decision.objects.get(outcome="NO_ACTION").refusal_reason == "COUNTER_SPEECH"

    def test_gives_back_what_was_not_taken_to_be_mended(self, contact, items, rows):
        sheet = load(contact, written(rows))
        contact.post(reverse("portal:sheet-answer", args=[sheet.key]))
        file = contact.get(reverse("portal:sheet-rejects", args=[sheet.key])).content.decode("utf-8-sig")
        (left,) = csv.DictReader(io.StringIO(file))
        assert (left["item"], left["code"]) == (items[2], "ground_required")
        again = load(contact, written([left | LAW]))
        contact.post(reverse("portal:sheet-answer", args=[again.key]))
        assert Decision.objects.filter(item__reference=items[2], outcome="REMOVED").exists()

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"item": ""}, "names no item"),
            ({"item": "I-0000-0000-0000-0"}, "There is no such item"),
            ({"outcome": "VANISHED"}, "There is no such outcome"),
            ({"acted_at": "soon"}, "is no time"),
            ({"acted_at": "2999-01-01"}, "cannot lie in the future"),
            ({"automated_detection": "perhaps"}, "neither yes nor no"),
            ({"explanation": "x" * 2001}, "at most 2000 characters"),
            ({"legal_ground": "a\x07b"}, "control character"),
            ({"outcome": "FORWARDED", "ground": "", "legal_ground": ""}, "Say to whom"),
            ({"outcome": "DISABLED_COUNTRIES", "territorial_scope": "de, XX"}, "not in the European Economic Area"),
        ],
    )
    def test_says_what_is_wrong_with_a_row(self, contact, rows, wrong, words):
        page = check(contact, load(contact, written([rows[0] | wrong])))
        assert words in page.content.decode() and page.context["run"].refused == 1

    def test_reads_an_item_named_twice_once(self, contact, rows):
        page = check(contact, load(contact, written([rows[0], rows[0]])))
        assert [word for _item, word in results(page)] == ["Ready", "Not taken"]

    def test_reads_what_a_spreadsheet_makes_of_it(self, contact, items):
        text = f"Reference;Outcome;Reason\r\n{items[0].lower()};Keine;x\r\n{items[1]};NO_ACTION;OTHER\r\n"
        page = check(contact, load(contact, text.encode("utf-16")))
        assert [word for _item, word in results(page)] == ["Not taken", "Ready"]

    def test_refuses_what_is_no_table(self, contact):
        page = contact.post(CREATE, {"file": SimpleUploadedFile("a.zip", b"PK\x03\x04")})
        assert page.status_code == 422 and "no CSV file" in page.content.decode()

    def test_refuses_more_than_ten_thousand_rows(self, contact, monkeypatch):
        monkeypatch.setattr("apps.referrals.services.sheets.MAX_ANSWERS", 1)
        page = contact.post(CREATE, {"file": SimpleUploadedFile("a.csv", b"item,outcome\nI-1,REMOVED\nI-2,REMOVED\n")})
        assert page.status_code == 422 and "more than 10,000 rows" in page.content.decode()

    def test_needs_columns_for_item_and_outcome(self, contact):
        response = contact.post(CREATE, {"file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")})
        page = contact.post(response.headers["Location"], {"dates": "iso"})
        assert page.status_code == 422 and "holds the outcomes" in page.content.decode()

    def test_can_be_thrown_away(self, contact, rows):
        sheet = load(contact, written(rows))
        contact.post(reverse("portal:sheet-discard", args=[sheet.key]))
        assert not AnswerSheet.objects.exists()

    def test_is_nobody_elses(self, contact, client, unit, rows):
        sheet = load(contact, written(rows))
        for stranger in (member(unit, Role.OFFICER), member(PlatformFactory(), Role.CONTACT_POINT)):
            client.force_login(stranger)
            assert check(client, sheet).status_code == 404
            assert client.post(reverse("portal:sheet-answer", args=[sheet.key])).status_code == 404

    def test_costs_the_same_for_any_number_of_rows(
        self, contact, unit, platform, django_assert_num_queries, django_assert_max_num_queries
    ):
        for count in (2, 300):
            referral = ReferralFactory(sender=unit, recipient=platform, state="received", items=count)
            rows = [{"item": one.reference, "outcome": "NOT_FOUND"} for one in referral.items.all()]
            sheet = load(contact, written(rows))
            with django_assert_max_num_queries(16):  # one less on a connection that knows the database's clock
                check(contact, sheet)
            with django_assert_num_queries(29):
                contact.post(reverse("portal:sheet-answer", args=[sheet.key]))
            assert Decision.objects.filter(item__referral=referral).count() == count

"""A platform's statements of reasons on the web: the nightly files, and its own export."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.referrals import services
from apps.referrals.models import Decision, Item, Statement, StatementExport, StatementFile, StatementPlan
from apps.referrals.services import Answer
from apps.referrals.transitions import State
from apps.tenancy.context import acting_as, system
from tests.factories import PlatformFactory, ReferralFactory, member, principal_for
from tests.portal.test_cases import text_of
from tests.statements.checker import faults
from tests.statements.examples import statement

LAW = {"ground": "DECISION_GROUND_ILLEGAL_CONTENT", "legal_ground": "Section 91"}


@pytest.fixture
def platform():
    return PlatformFactory.create(slug="video")


@pytest.fixture
def contact(client, platform):
    user = member(platform, Role.CONTACT_POINT)
    client.force_login(user)
    return user


@pytest.fixture
def items(platform):
    ReferralFactory.create(recipient=platform, state=State.RECEIVED, items=2)
    return list(Item.objects.order_by("pk"))


def load(client, rows, name="export.json"):
    data = rows if isinstance(rows, bytes) else json.dumps(rows).encode()
    return client.post("/statements/exports/", {"file": SimpleUploadedFile(name, data)})


def about(item, **changes):
    return {**statement(**changes), "url": item.url}


class TestFiles:
    @pytest.fixture
    def decided(self, platform, items):
        principal = principal_for(platform, Role.CONTACT_POINT)
        answers = [Answer(item=item.reference, outcome="REMOVED", **LAW) for item in items]
        with acting_as(principal):
            services.answer(answers, channel="web", by=principal, at=timezone.now())

    def test_are_turned_on_made_listed_and_downloaded(self, client, contact, decided):
        assert "No files yet" in text_of(client.get("/statements/"))
        client.post("/statements/nightly/", {"nightly": "yes"})
        assert StatementPlan.objects.get().nightly
        with acting_as(system("file statements")):
            assert services.file_statements(at=timezone.now()) == 2

        page = client.get("/statements/")
        file = StatementFile.objects.get()
        link = reverse("portal:statement-file", args=[file.key])
        assert link in page.content.decode()

        response = client.get(link)
        assert response.headers["Content-Type"] == "application/json"
        assert f"statements-video-{file.made_on}-00001.json" in response.headers["Content-Disposition"]
        body = response.json()
        assert body.keys() == {"statements"} and len(body["statements"]) == 2
        assert [faults(one) for one in body["statements"]] == [[], []]
        assert client.get(link).content == response.content
        assert AuditEntry.objects.filter(verb="statement_file.exported").count() == 2

        client.post("/statements/nightly/", {"nightly": "no"})
        assert not StatementPlan.objects.get().nightly

    def test_keep_the_order_of_the_documentation(self, client, contact, decided):
        client.post("/statements/nightly/", {"nightly": "yes"})
        with acting_as(system("file statements")):
            services.file_statements(at=timezone.now())
        text = client.get(reverse("portal:statement-file", args=[StatementFile.objects.get().key])).content.decode()
        assert text.index('"decision_visibility"') < text.index('"decision_ground"') < text.index('"puid"')

    def test_are_for_who_answers(self, client, platform):
        client.force_login(member(platform, Role.ADMINISTRATOR))
        assert client.get("/statements/").status_code == 403
        assert client.post("/statements/nightly/", {"nightly": "yes"}).status_code == 403

    def test_the_page_asks_the_same_of_the_database_however_many(
        self, client, contact, platform, django_assert_max_num_queries
    ):
        client.get("/statements/")
        with django_assert_max_num_queries(20):
            client.get("/statements/")


class TestAnExport:
    def test_is_tried_out_then_answers_and_lists_the_rest(self, client, contact, items):
        response = load(client, [about(items[0]), statement(puid="about-nothing")])
        export = StatementExport.objects.get()
        page = reverse("portal:statement-export", args=[export.key])
        assert response.url == page

        shown = text_of(client.get(page))
        assert "Would be answered" in shown and items[0].reference in shown and "No item found" in shown
        assert "Answer 1 item" in shown
        assert "about-nothing" in text_of(client.get(page, {"result": "unmatched"}))
        assert items[0].reference not in text_of(client.get(page, {"result": "unmatched"}))
        assert not Decision.objects.exists()

        client.post(reverse("portal:statement-export-answer", args=[export.key]))
        assert Statement.objects.get().item_id == items[0].pk
        after = text_of(client.get(page))
        assert "1 item was answered with this file." in after and "Would be" not in after

        left = client.get(reverse("portal:statement-export-leftovers", args=[export.key])).content.decode("utf-8-sig")
        (row,) = csv.DictReader(io.StringIO(left))
        assert (row["puid"], row["result"]) == ("about-nothing", "unmatched")
        assert "names an item" in row["detail"]

    def test_is_used_once(self, client, contact, items):
        load(client, [about(items[0])])
        answer = reverse("portal:statement-export-answer", args=[StatementExport.objects.get().key])
        client.post(answer)
        assert "used already" in text_of(client.post(answer, follow=True))
        assert Decision.objects.count() == 1

    def test_can_be_thrown_away(self, client, contact, items):
        load(client, [about(items[0])])
        client.post(reverse("portal:statement-export-discard", args=[StatementExport.objects.get().key]))
        assert not StatementExport.objects.exists()

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"{", "no valid JSON"),
            (b"url\nhttps://x.example/1\n", "no statements in this file"),
            (b"", "The file is empty"),
        ],
    )
    def test_that_holds_no_statements_is_refused(self, client, contact, content, words):
        response = load(client, content)
        assert response.status_code == 422
        assert words in text_of(response)
        assert not StatementExport.objects.exists()

    def test_with_old_codes_says_the_new_ones(self, client, contact, items):
        load(client, [about(items[0], category="STATEMENT_CATEGORY_SCOPE_OF_PLATFORM_SERVICE")])
        shown = text_of(client.get(reverse("portal:statement-export", args=[StatementExport.objects.get().key])))
        assert "STATEMENT_CATEGORY_OTHER_VIOLATION_TC" in shown
        assert "No row answers anything." in shown
        assert "Answer 0" not in shown

    def test_is_nobody_elses(self, client, contact, items):
        load(client, [about(items[0])])
        key = StatementExport.objects.get().key
        client.force_login(member(PlatformFactory.create(), Role.CONTACT_POINT))
        assert client.get(reverse("portal:statement-export", args=[key])).status_code == 404
        assert client.post(reverse("portal:statement-export-answer", args=[key])).status_code == 404

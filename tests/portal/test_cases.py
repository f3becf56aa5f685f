import csv
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.referrals.models import Case, Event, Item, Leftover, Referral
from apps.referrals.models.event import Verb
from apps.referrals.transitions import State
from tests.factories import (
    CaseFactory,
    ItemFactory,
    PlatformFactory,
    ReferralFactory,
    ReferralUnitFactory,
    TrustedFlaggerFactory,
    member,
)

CREATE = "/cases/new/"
PREVIEW = "/cases/new/preview/"
ENVELOPE = {
    "instrument": "referral",
    "area": "terrorism",
    "category": "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
    "keywords": ["KEYWORD_TERRORIST_CONTENT"],
    "urgency": "day",
    "reasons": "Instructions for violence.",
    "language": "de",
    "tlp": "amber",
    "pap": "amber",
    "title": "Autumn sweep",
}


@pytest.fixture
def unit():
    return ReferralUnitFactory()


@pytest.fixture
def officer(client, unit):
    user = member(unit, Role.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def video():
    return PlatformFactory(slug="video", name="Video Site")


@pytest.fixture
def forum():
    return PlatformFactory(slug="forum", name="Forum")


def text_of(response):
    """The page's words, without markup, on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def case_url(case, name="case"):
    return reverse(f"portal:{name}", args=[case.reference])


class TestFiling:
    def test_one_list_becomes_one_case_with_a_referral_per_platform(self, client, unit, officer, video, forum):
        addresses = "https://video.example/1\nhttps://forum.example/2\nhttps://forum.example/3 the worst one"
        response = client.post(CREATE, ENVELOPE | {"addresses": addresses, "act": "draft"}, follow=True)
        case = Case.objects.get(organisation=unit)
        assert response.redirect_chain == [(case_url(case), 302)]
        assert case.title == "Autumn sweep" and case.source == "web"
        assert dict(case.referrals.values_list("recipient__slug", "item_count")) == {"video": 1, "forum": 2}
        assert set(case.referrals.values_list("state", flat=True)) == {State.DRAFT}
        assert "holds 3 addresses for 2 platforms. It is a draft: nothing was sent." in text_of(response)

    def test_submitting_hands_it_to_a_second_person(self, client, unit, officer, video):
        response = client.post(
            CREATE, ENVELOPE | {"addresses": "https://video.example/1", "act": "submit"}, follow=True
        )
        assert Referral.objects.get().state == State.IN_REVIEW
        assert "It waits for somebody else to approve it." in text_of(response)

    def test_where_no_second_person_is_asked_for_it_is_sent(self, client, video):
        flagger = TrustedFlaggerFactory()
        client.force_login(member(flagger, Role.OFFICER))
        notice = ENVELOPE | {"instrument": "trusted_flagger_notice", "good_faith": "on"}
        page = text_of(client.get(CREATE))
        assert "Submit for approval" not in page and "It is sent at once" in page
        client.post(CREATE, notice | {"addresses": "https://video.example/1", "act": "submit"})
        assert Referral.objects.get().state == State.SENT

    def test_rows_that_became_no_item_stay_with_the_case(self, client, unit, officer, video):
        addresses = "https://video.example/1\nhttps://nobody.example/2\nnot-an-address"
        client.post(CREATE, ENVELOPE | {"addresses": addresses, "act": "draft"})
        assert sorted(Leftover.objects.values_list("result", flat=True)) == ["invalid", "unrouted"]

    def test_pressing_the_button_twice_files_once(self, client, unit, officer, video):
        data = ENVELOPE | {"addresses": "https://video.example/1", "act": "submit"}
        client.post(CREATE, data)
        assert client.post(CREATE, data).status_code == 422
        assert Case.objects.count() == 1


class TestRefusals:
    def test_lose_nothing_of_what_was_entered(self, client, officer, video):
        data = ENVELOPE | {"reasons": "", "note": "Ask Anna first.", "addresses": "https://video.example/1"}
        response = client.post(CREATE, data | {"act": "draft"})
        assert response.status_code == 422
        page = response.content.decode()
        assert "Ask Anna first." in page and "https://video.example/1" in page and "Autumn sweep" in page
        assert '<option value="de" selected>' in page and 'value="KEYWORD_TERRORIST_CONTENT"' in page
        assert "Nothing was saved." in page
        assert not Case.objects.exists()

    def test_the_service_s_sentence_stands_at_its_field(self, client, officer, video):
        data = ENVELOPE | {"instrument": "notice", "addresses": "https://video.example/1", "act": "draft"}
        page = client.post(CREATE, data).content.decode()
        assert 'href="#id_good_faith"' in page

    def test_an_instrument_of_others_is_not_offered_and_not_taken(self, client, officer, video):
        assert "trusted_flagger_notice" not in client.get(CREATE).content.decode()
        data = ENVELOPE | {"instrument": "trusted_flagger_notice", "addresses": "https://video.example/1"}
        assert client.post(CREATE, data | {"act": "draft"}).status_code == 422

    def test_a_list_with_nothing_to_file_says_so(self, client, officer):
        response = client.post(CREATE, ENVELOPE | {"addresses": "https://nobody.example/", "act": "draft"})
        assert response.status_code == 422
        assert "None of the rows could be filed" in text_of(response)

    def test_the_same_number_of_one_s_own_is_refused(self, client, unit, officer, video):
        CaseFactory(organisation=unit, external_id="2026-7")
        data = ENVELOPE | {"addresses": "https://video.example/1", "external_id": "2026-7", "act": "draft"}
        assert "This external identifier has been used already." in text_of(client.post(CREATE, data))

    @pytest.mark.parametrize("role", [Role.CONTACT_POINT, Role.ADMINISTRATOR])
    def test_who_may_not_file_gets_no_form(self, client, video, role):
        client.force_login(member(video, role))
        assert client.get(CREATE).status_code == 403
        assert client.post(PREVIEW, {"addresses": "https://video.example/1"}).status_code == 403


class TestPreview:
    def test_groups_by_platform_and_names_what_needs_a_look(self, client, unit, officer, video, forum):
        known = ReferralFactory(sender=unit, recipient=video, items=0)
        item = ItemFactory(referral=known, url_raw="https://video.example/known")
        addresses = "\n".join(
            [
                "https://video.example/known",
                "https://forum.example/2",
                "https://forum.example/2",
                "https://nobody.example/4",
                "ftp://forum.example/5",
                "A remark without an address.",
            ]
        )
        page = client.post(PREVIEW, {"addresses": addresses}, headers={"hx-request": "true"})
        html, text = page.content.decode(), text_of(page)
        assert "<html" not in html
        assert "Forum · 1 address" in text
        assert f"{reverse('portal:referral', args=[known.reference])}#{item.reference}" in html
        assert "No platform in the directory answers for this host." in text
        assert "Addresses beginning with “ftp:” cannot be referred." in text
        assert "6 A remark without an address." in text
        assert "hxxps://nobody[.]example/4" in text and "https://" not in text
        assert not Case.objects.exclude(pk=known.case_id).exists()

    def test_counts_lines_as_the_person_does(self, client, officer, video):
        page = client.post(PREVIEW, {"addresses": "\n\nhttps://video.example/1\n\nhttps://nobody.example/5"})
        assert '<td class="n muted" data-label="Line">5</td>' in page.content.decode()

    def test_an_empty_box_says_what_will_be_seen_there(self, client, officer):
        assert "You will see here" in text_of(client.post(PREVIEW, {"addresses": " "}))

    def test_shows_no_more_than_a_person_reads_of_three_thousand(
        self, client, officer, video, django_assert_max_num_queries
    ):
        addresses = "\n".join(f"https://nobody-{n}.example/" for n in range(3000))
        with django_assert_max_num_queries(20):
            page = client.post(PREVIEW, {"addresses": addresses})
        assert page.content.decode().count("<tr>") == 201
        assert "2,800 more are not listed here." in text_of(page)

    def test_works_without_scripts_by_a_button_that_judges_nothing_else(self, client, officer, video):
        response = client.post(CREATE, {"addresses": "https://video.example/1", "act": "check", "title": "Half done"})
        assert response.status_code == 200
        page = response.content.decode()
        assert "Video Site" in page and "Half done" in page and "Nothing was saved" not in page


class TestClassification:
    def test_follows_from_the_area(self, client, officer):
        page = client.get("/cases/new/classification/", {"area": "terrorism"}).content.decode()
        assert '<option value="STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY" selected>' in page
        assert re.search(r'value="KEYWORD_TERRORIST_CONTENT"[^>]*checked', page)

    def test_offers_the_category_s_own_keywords(self, client, officer):
        page = client.get("/cases/new/classification/", {"category": "STATEMENT_CATEGORY_ANIMAL_WELFARE"})
        assert "KEYWORD_ANIMAL_HARM" in page.content.decode()

    def test_works_without_scripts(self, client, officer):
        page = client.post(CREATE, {"area": "hate_speech", "act": "propose"}).content.decode()
        assert '<option value="STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH" selected>' in page

    def test_an_area_without_mandate_is_not_offered(self, client, officer):
        assert 'value="csam"' not in client.get(CREATE).content.decode()


class TestList:
    def test_shows_the_organisation_s_own_newest_first(self, client, unit, officer):
        CaseFactory(organisation=unit, title="Older", created_at=timezone.now() - timedelta(days=2))
        CaseFactory(organisation=unit, title="Newer", created_at=timezone.now())
        CaseFactory(title="Of another")
        text = text_of(client.get("/cases/"))
        assert text.index("Newer") < text.index("Older") and "Of another" not in text

    @pytest.mark.parametrize("search", ["aUtUmN", "2026-7", "c-test-77777"])
    def test_finds_by_title_reference_and_number(self, client, unit, officer, search):
        CaseFactory(organisation=unit, title="Autumn sweep", external_id="2026-7", reference="C-TEST-77777")
        CaseFactory(organisation=unit, title="Another")
        text = text_of(client.get("/cases/", {"q": search}))
        assert "Autumn sweep" in text and "Another" not in text

    def test_says_when_nothing_matches(self, client, officer):
        assert "No case matches" in text_of(client.get("/cases/", {"q": "zebra"}))

    def test_pages_do_not_skip(self, client, unit, officer):
        made = CaseFactory.create_batch(120, organisation=unit)
        seen, url = [], "/cases/"
        while url:
            page = client.get(url).content.decode()
            seen += re.findall(r"C-TEST-\d+", re.sub(r"/cases/C-TEST-\d+/", "", page))
            found = re.search(r'href="(\?cursor=[^"]+)" rel="next"', page)
            url = "/cases/" + found[1].replace("&amp;", "&") if found else ""
        assert sorted(seen) == sorted(case.reference for case in made)

    def test_counts_what_is_answered(self, client, unit, officer):
        case = CaseFactory(organisation=unit)
        ReferralFactory(sender=unit, case=case, state=State.ANSWERED, items=3)
        ReferralFactory(sender=unit, case=case, state=State.SENT, items=2)
        ReferralFactory(sender=unit, case=case, state=State.WITHDRAWN, items=4)
        assert "3 of 5" in text_of(client.get("/cases/"))

    @pytest.mark.parametrize("count", [3, 40])
    def test_asks_the_same_for_few_and_many(self, client, unit, officer, count, django_assert_num_queries):
        for case in CaseFactory.create_batch(count, organisation=unit):
            ReferralFactory(sender=unit, case=case)
        client.get("/cases/")
        with django_assert_num_queries(LIST_QUERIES):
            client.get("/cases/")


LIST_QUERIES = 16


class TestPage:
    @pytest.fixture
    def case(self, unit):
        return CaseFactory(organisation=unit, title="Autumn sweep", note="Ask Anna first.")

    def test_shows_each_platform_with_its_state_and_answers(self, client, unit, officer, case, video, forum):
        ReferralFactory(sender=unit, recipient=video, case=case, state=State.ANSWERED, items=3)
        ReferralFactory(sender=unit, recipient=forum, case=case, state=State.SENT, items=2)
        text = text_of(client.get(case_url(case)))
        assert "Video Site" in text and "3 of 3" in text and "0 of 2" in text and "3 / 5" in text
        assert "Ask Anna first." in text

    def test_belongs_to_the_sender_alone(self, client, case, video):
        ReferralFactory(sender=case.organisation, recipient=video, case=case, state=State.SENT)
        client.force_login(member(video, Role.CONTACT_POINT))
        for name in ("case", "case-edit", "case-items", "case-leftovers"):
            assert client.get(case_url(case, name)).status_code == 404
        client.force_login(member(ReferralUnitFactory(), Role.OFFICER))
        assert client.get(case_url(case)).status_code == 404

    def test_tells_what_happened_in_lines_for_many(self, client, unit, officer, case):
        now = timezone.now()
        for _ in range(3):
            referral = ReferralFactory(sender=unit, case=case, state=State.SENT)
            Event.objects.create(
                sender=unit, recipient=referral.recipient, disclosed=True, referral=referral,
                verb=Verb.REFERRAL_SENT, at=now, actor_label="Signe", organisation_id=unit.pk,
            )  # fmt: skip
        assert "Sent: 3 referrals" in text_of(client.get(case_url(case)))

    def test_the_note_is_edited_and_the_edit_recorded(self, client, officer, case):
        response = client.post(case_url(case, "case-edit"), {"title": "Winter sweep", "note": "Anna agreed."})
        assert response.status_code == 302
        case.refresh_from_db()
        assert (case.title, case.note) == ("Winter sweep", "Anna agreed.")
        assert AuditEntry.objects.filter(verb="case.edited", target=case.reference, actor_id=officer.pk).exists()

    def test_a_case_keeps_a_title(self, client, officer, case):
        assert client.post(case_url(case, "case-edit"), {"title": " ", "note": ""}).status_code == 422

    @pytest.mark.parametrize("count", [3, 300])
    def test_asks_the_same_for_few_and_many_items(self, client, unit, officer, case, count, django_assert_num_queries):
        ReferralFactory(sender=unit, case=case, items=count)
        Leftover.objects.bulk_create(
            Leftover(organisation=unit, case=case, row=row, result="invalid", given={"url": "x"})
            for row in range(count)
        )
        client.get(case_url(case))
        with django_assert_num_queries(CASE_QUERIES):
            client.get(case_url(case))

    @pytest.mark.parametrize("count", [3, 30])
    def test_asks_the_same_for_few_and_many_platforms(
        self, client, unit, officer, case, count, django_assert_num_queries
    ):
        ReferralFactory.create_batch(count, sender=unit, case=case)
        client.get(case_url(case))
        with django_assert_num_queries(CASE_QUERIES):
            client.get(case_url(case))


CASE_QUERIES = 20


class TestWholeCase:
    def test_all_drafts_are_handed_in_together(self, client, unit, officer):
        case = CaseFactory(organisation=unit)
        ReferralFactory.create_batch(2, sender=unit, case=case)
        sent = ReferralFactory(sender=unit, case=case, state=State.SENT)
        assert "Submit 2 drafts" in text_of(client.get(case_url(case)))
        page = text_of(client.post(case_url(case, "case-submit"), follow=True))
        assert "2 referrals wait for approval." in page
        sent.refresh_from_db()
        assert sent.state == State.SENT

    def test_a_second_person_sends_all_of_it(self, client, unit):
        client.force_login(member(unit, Role.REVIEWER))
        case = CaseFactory(organisation=unit)
        ReferralFactory.create_batch(2, sender=unit, case=case, state=State.IN_REVIEW)
        page = text_of(client.post(case_url(case, "case-approve"), follow=True))
        assert "2 referrals were sent." in page
        assert set(case.referrals.values_list("state", flat=True)) == {State.SENT}

    def test_withdrawing_all_needs_a_reason_and_keeps_what_was_written(self, client, unit, officer):
        case = CaseFactory(organisation=unit)
        ReferralFactory.create_batch(2, sender=unit, case=case, state=State.SENT)
        assert client.post(case_url(case, "case-withdraw"), {"text": ""}).status_code == 422
        client.post(case_url(case, "case-withdraw"), {"text": "Wrong list."})
        assert set(case.referrals.values_list("state", flat=True)) == {State.WITHDRAWN}

    def test_nothing_left_to_do_is_no_error(self, client, unit, officer):
        case = CaseFactory(organisation=unit)
        ReferralFactory(sender=unit, case=case, state=State.CLOSED)
        page = text_of(client.post(case_url(case, "case-submit"), follow=True))
        assert "There was nothing left to do" in page


class TestFiles:
    def test_every_address_with_its_outcome_and_no_formula(self, client, unit, officer):
        case = CaseFactory(organisation=unit)
        referral = ReferralFactory(sender=unit, case=case, state=State.ANSWERED, items=0)
        ItemFactory(referral=referral, external_id="=1+1", url_raw="https://video.example/1")
        response = client.get(case_url(case, "case-items"))
        assert response["Content-Disposition"] == f'attachment; filename="{case.reference}.csv"'
        (row,) = csv.DictReader(response.content.decode("utf-8-sig").splitlines())
        assert row["Your own number"] == "'=1+1"
        assert row["Address"] == "hxxps://video[.]example/1" and row["Outcome"] == "Removed"
        assert AuditEntry.objects.filter(verb="case.exported", operation="disclose").exists()

    def test_leftovers_can_be_mended_and_sent_again(self, client, unit, officer):
        case = CaseFactory(organisation=unit)
        given = {"URL": "nobody.example/1", "ID": "7"}
        Leftover.objects.create(
            organisation=unit, case=case, row=4, result="unrouted", code="unrouted", detail="No platform.", given=given
        )
        response = client.get(case_url(case, "case-leftovers"))
        (row,) = csv.DictReader(response.content.decode("utf-8-sig").splitlines())
        assert row == given | {"result": "unrouted", "code": "unrouted", "detail": "No platform."}
        assert "nobody[.]example/1" in text_of(client.get(case_url(case)))

    def test_items_of_hidden_areas_stay_hidden(self, client, unit, officer):
        case = CaseFactory(organisation=unit)
        ReferralFactory(sender=unit, case=case, area="csam")
        content = client.get(case_url(case, "case-items")).content.decode("utf-8-sig")
        assert "Address hidden" in content and "[.]example" not in content
        assert Item.objects.count() == 1

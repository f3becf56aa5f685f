from datetime import timedelta

import pytest
import time_machine

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.referrals import services
from apps.referrals.models import Referral
from apps.referrals.transitions import State
from apps.taxonomy.urgency import Urgency
from apps.tenancy.context import acting_as
from tests.factories import CaseFactory, PlatformFactory, ReferralFactory, member, principal_for
from tests.factories.referrals import MONDAY


def references(response) -> list[str]:
    return [row["reference"] for row in response.json()["results"]]


class TestList:
    def test_shows_a_sender_its_own_newest_first(self, officer, unit):
        old = ReferralFactory.create(sender=unit, filed_at=MONDAY)
        new = ReferralFactory.create(sender=unit, filed_at=MONDAY + timedelta(hours=1))
        ReferralFactory.create()
        assert references(officer.get("referrals/")) == [new.reference, old.reference]

    def test_shows_a_platform_what_was_sent_to_it_last_sent_first(self, contact, video):
        later = ReferralFactory.create(recipient=video, state=State.SENT, sent_at=MONDAY + timedelta(hours=9))
        sooner = ReferralFactory.create(recipient=video, state=State.SENT, filed_at=MONDAY + timedelta(hours=5))
        ReferralFactory.create(recipient=video, state=State.DRAFT)
        assert references(contact.get("referrals/")) == [later.reference, sooner.reference]

    def test_due_shows_what_waits_for_an_answer_and_what_has_no_clock_last(self, contact, video):
        paused = ReferralFactory.create(recipient=video, state=State.INFO_REQUESTED, due_at=None)
        later = ReferralFactory.create(recipient=video, state=State.RECEIVED, due_at=MONDAY + timedelta(days=3))
        sooner = ReferralFactory.create(recipient=video, state=State.RECEIVED, due_at=MONDAY + timedelta(days=1))
        ReferralFactory.create(recipient=video, state=State.ANSWERED)
        rows = references(contact.get("referrals/", {"order": "due"}))
        assert rows == [sooner.reference, later.reference, paused.reference]

    def test_says_what_may_be_done(self, reviewer, contact, unit, video):
        ReferralFactory.create(sender=unit, recipient=video, state=State.IN_REVIEW)
        ReferralFactory.create(sender=unit, recipient=video, state=State.RECEIVED)
        by_state = {row["state"]: row["actions"] for row in reviewer.get("referrals/").json()["results"]}
        assert by_state == {"in_review": ["approve", "return", "withdraw"], "received": ["withdraw"]}
        (row,) = contact.get("referrals/").json()["results"]
        assert row["actions"] == ["acknowledge", "request-information", "answer"]

    def test_keeps_the_senders_house_from_the_platform(self, contact, video):
        ReferralFactory.create(recipient=video, state=State.SENT)
        (row,) = contact.get("referrals/").json()["results"]
        assert (row["case"], row["filed_at"]) == (None, None)

    def test_is_logged_with_what_it_showed(self, officer, unit):
        shown = ReferralFactory.create(sender=unit)
        officer.get("referrals/")
        entry = AuditEntry.objects.get(verb="referral.listed")
        assert (entry.organisation_id, entry.details) == (unit.pk, {"references": [shown.reference]})

    @pytest.mark.parametrize("count", [1, 7])
    def test_takes_the_same_number_of_queries_however_long(
        self, officer, contact, unit, video, count, django_assert_num_queries
    ):
        ReferralFactory.create_batch(count, sender=unit, recipient=video, state=State.SENT)
        for client in (officer, contact):
            client.get("me/")  # notes the token's use
            with django_assert_num_queries(7):  # token; savepoint, context; the page, the log; context, release
                client.get("referrals/")


class TestFilters:
    @pytest.fixture(autouse=True)
    def scene(self, unit, video):
        self.other = PlatformFactory(slug="other")
        case = CaseFactory(organisation=unit, external_id="IRU-118")
        self.draft = ReferralFactory.create(sender=unit, recipient=video, case=case, items__external_id="118-1")
        self.late = ReferralFactory.create(sender=unit, recipient=video, state=State.RECEIVED, urgency=Urgency.HOUR)
        self.answered = ReferralFactory.create(
            sender=unit, recipient=self.other, state=State.ANSWERED, reasons="A song of hate.", instrument="notice"
        )

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"state": "draft"}, {"draft"}),
            ({"state": ["draft", "answered"]}, {"draft", "answered"}),
            ({"instrument": "notice"}, {"answered"}),
            ({"platform": "video"}, {"draft", "late"}),
            ({"sender": "unit"}, {"draft", "late", "answered"}),
            ({"category": "STATEMENT_CATEGORY_VIOLENCE"}, set()),
            ({"urgency": "hour"}, {"late"}),
            ({"overdue": "true"}, {"late"}),
            ({"overdue": "false"}, {"draft", "answered"}),
            ({"due_before": "2026-03-04"}, {"late", "answered"}),
            ({"due_before": "2026-03-03T10:00:00Z"}, set()),
            ({"filed_after": "2026-03-02T09:00:00Z"}, {"draft", "late", "answered"}),
            ({"filed_before": "2026-03-02T09:00:00Z"}, set()),
            ({"filed_after": "2026-03-02T10:00:00+01:00"}, {"draft", "late", "answered"}),
            ({"external_id": "IRU-118"}, {"draft"}),
            ({"external_id": "118-1"}, {"draft"}),
            ({"external_id": "118"}, set()),
            ({"q": "other.example"}, {"answered"}),
            ({"q": "other.example", "state": "draft"}, set()),
            ({"q": "118-1"}, {"draft"}),
        ],
        ids=lambda one: "-".join(sorted(one)) if isinstance(one, set) else str(one),
    )
    def test_narrow(self, officer, query, found):
        names = {self.draft.reference: "draft", self.late.reference: "late", self.answered.reference: "answered"}
        with time_machine.travel(MONDAY + timedelta(days=2), tick=False):
            assert {names[one] for one in references(officer.get("referrals/", query))} == found

    @pytest.mark.parametrize(
        ("query", "named"),
        [
            ({"state": "lost"}, "state"),
            ({"overdue": "maybe"}, "overdue"),
            ({"due_before": "tomorrow"}, "due_before"),
            ({"due_before": "2026-03-04T09:00:00"}, "due_before"),
            ({"filed_after": "2026-02-30"}, "filed_after"),
            ({"platform": "nowhere"}, "platform"),
            ({"q": "a\0b"}, "q"),
            ({"order": "best"}, "order"),
            ({"page_size": "0"}, "page_size"),
            ({"page_size": "201"}, "page_size"),
            ({"page_size": "many"}, "page_size"),
        ],
        ids=str,
    )
    def test_refuse_what_they_cannot_read(self, officer, query, named):
        response = officer.get("referrals/", query)
        assert (response.status_code, response.json()["code"]) == (400, "invalid_parameter")
        assert list(response.json()["errors"]) == [named]

    def test_do_not_tell_a_platform_of_cases(self, contact, video):
        case = CaseFactory(external_id="secret")
        ReferralFactory.create(sender=case.organisation, case=case, recipient=video, state=State.SENT)
        assert references(contact.get("referrals/", {"external_id": "secret"})) == []


class TestOne:
    def test_tells_its_story_to_both_sides_but_not_the_same(self, officer, contact, api, unit, video):
        author, second = principal_for(unit, Role.OFFICER), principal_for(unit, Role.REVIEWER)
        referral = ReferralFactory.create(sender=unit, recipient=video, created_by_id=author.user_id)
        with acting_as(author):
            services.submit(referral, by=author, at=MONDAY)
        with acting_as(second):
            services.approve(referral, by=second, at=MONDAY + timedelta(hours=1))
        platform = principal_for(video, Role.CONTACT_POINT)
        with acting_as(platform):
            services.request_information(referral, text="Which minute?", by=platform, at=MONDAY + timedelta(hours=2))

        inside = officer.get(f"referrals/{referral.reference}/").json()
        outside = contact.get(f"referrals/{referral.reference}/").json()
        told = [(event["verb"], event["organisation"], event["actor"]) for event in outside["events"]]
        assert told == [
            ("referral.sent", "unit", None),
            ("referral.received", None, None),
            ("referral.information_requested", "video", platform.label),
        ]
        assert [event["verb"] for event in inside["events"]][:2] == ["referral.submitted", "referral.approved"]
        assert inside["events"][-1]["text"] == "Which minute?"
        assert inside["events"][-1]["actor"] is None
        assert inside["actions"] == ["provide-information", "withdraw"]
        assert AuditEntry.objects.filter(verb="referral.consulted").count() == 2

    def test_is_forbidden_to_those_who_may_not_look(self, api, unit):
        referral = ReferralFactory.create(sender=unit)
        response = api(unit, Role.ADMINISTRATOR).get(f"referrals/{referral.reference}/")
        assert response.status_code == 404  # a list of theirs is empty: what they cannot see is not there


class TestActs:
    def test_move_a_referral_and_show_it(self, officer, api, unit, video):
        author = member(unit, Role.OFFICER)
        referral = ReferralFactory.create(sender=unit, recipient=video, created_by=author)
        submitted = api(unit, Role.OFFICER, author).post(f"referrals/{referral.reference}/submit/")
        assert (submitted.status_code, submitted.json()["state"]) == (200, "in_review")
        approved = api(unit, Role.REVIEWER).post(f"referrals/{referral.reference}/approve/")
        assert (approved.json()["state"], approved.json()["actions"]) == ("sent", ["withdraw"])

    def test_need_no_body(self, contact, video):
        referral = ReferralFactory.create(recipient=video, state=State.SENT)
        path = f"/api/v1/referrals/{referral.reference}/acknowledge/"
        assert contact.client.post(path, content_type="application/json").json()["state"] == "acknowledged"

    def test_need_words_where_the_other_side_reads_them(self, contact, video):
        referral = ReferralFactory.create(recipient=video, state=State.SENT)
        path = f"referrals/{referral.reference}/request-information/"
        assert contact.post(path).json()["errors"].keys() == {"text"}
        assert contact.post(path, {"text": " "}).status_code == 422
        assert contact.post(path, {"text": "Which minute?"}).json()["state"] == "info_requested"

    def test_that_come_too_late_are_a_conflict_that_names_the_state(self, reviewer, unit):
        referral = ReferralFactory.create(sender=unit, state=State.CLOSED)
        response = reviewer.post(f"referrals/{referral.reference}/approve/")
        assert response.status_code == 409
        assert (response.json()["code"], response.json()["state"]) == ("transition_not_allowed", "closed")

    def test_need_a_second_person(self, api, unit):
        author = member(unit, Role.REVIEWER)
        referral = ReferralFactory.create(sender=unit, state=State.IN_REVIEW, created_by=author)
        response = api(unit, Role.REVIEWER, author).post(f"referrals/{referral.reference}/approve/")
        assert (response.status_code, response.json()["code"]) == (409, "four_eyes_required")

    def test_are_forbidden_to_those_who_may_only_look(self, officer, unit):
        referral = ReferralFactory.create(sender=unit, state=State.IN_REVIEW)
        response = officer.post(f"referrals/{referral.reference}/approve/")
        assert (response.status_code, response.json()["code"]) == (403, "permission_denied")
        referral.refresh_from_db()
        assert referral.state == State.IN_REVIEW

    def test_refuse_fields_they_do_not_know(self, officer, unit):
        referral = ReferralFactory.create(sender=unit)
        response = officer.post(f"referrals/{referral.reference}/submit/", {"state": "sent"})
        assert (response.status_code, response.json()["code"]) == (422, "unknown_field")


class TestActsOnAList:
    def test_give_a_result_for_every_reference(self, reviewer, unit):
        ready = ReferralFactory.create(sender=unit, state=State.IN_REVIEW)
        draft = ReferralFactory.create(sender=unit)
        asked = [draft.reference, ready.reference, "R-0000-0000-0", ready.reference]
        rows = reviewer.post("referrals/approve/", {"references": asked}).json()["rows"]
        assert [(row["row"], row["reference"], row["result"], row["state"], row["code"]) for row in rows] == [
            (0, draft.reference, "refused", "draft", "transition_not_allowed"),
            (1, ready.reference, "done", "sent", None),
            (2, "R-0000-0000-0", "refused", None, "not_found"),
            (3, ready.reference, "done", "sent", None),
        ]
        assert Referral.objects.get(pk=ready.pk).state == State.SENT

    def test_take_a_thousand_at_most(self, reviewer):
        assert reviewer.post("referrals/approve/", {"references": ["R-1"] * 1001}).status_code == 422
        assert reviewer.post("referrals/approve/", {"references": []}).status_code == 422

    def test_are_forbidden_to_those_who_may_only_look(self, officer):
        assert officer.post("referrals/approve/", {"references": ["R-1"]}).status_code == 403

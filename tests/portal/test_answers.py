from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.referrals.models import AnswerTemplate, Decision, Item, Referral, Statement, Tracking
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, member

ANSWER = reverse("portal:items-answer")
REMOVED = {
    "outcome": "REMOVED",
    "ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
    "legal_ground": "Section 4.2 of the community guidelines",
}
REFUSED = {"outcome": "NO_ACTION", "refusal_reason": "NOT_ILLEGAL", "explanation": "It quotes a news report."}


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
def referral(unit, platform):
    return ReferralFactory(sender=unit, recipient=platform, state="acknowledged", items=3)


def references(referral):
    return [item.reference for item in referral.items.order_by("pk")]


class TestTheForm:
    def test_is_about_the_items_that_were_named(self, contact, referral):
        chosen = references(referral)[:2]
        page = contact.get(ANSWER, {"item": chosen})
        assert sorted(page.context["selection"].references) == chosen
        assert "Answer 2 items" in page.content.decode() and "Online Safety Bureau" in page.content.decode()

    def test_is_about_all_that_is_open_in_a_referral(self, contact, referral):
        referral.items.filter(reference=references(referral)[0]).update(
            state="decided", outcome="REMOVED", decided_at=timezone.now()
        )
        page = contact.get(ANSWER, {"referral": referral.reference})
        assert sorted(page.context["selection"].references) == references(referral)[1:]

    def test_is_about_all_open_items_that_match_a_list(self, contact, referral, unit, platform):
        ReferralFactory(sender=unit, recipient=platform, state="received", urgency="life")
        page = contact.get(ANSWER, {"everything": "1", "filters": "urgency=day"})
        assert sorted(page.context["selection"].references) == references(referral)

    def test_asks_for_a_selection_where_there_is_none(self, contact, referral):
        assert contact.get(ANSWER).headers["Location"] == reverse("portal:items")
        assert contact.get(ANSWER, {"item": "I-NOWHERE"}).headers["Location"] == reverse("portal:items")

    def test_starts_with_the_present_time_in_the_zone_of_the_organisation(self, contact, referral):
        page = contact.get(ANSWER, {"referral": referral.reference})
        assert "Europe/Dublin" in page.content.decode()
        local = timezone.localtime(page.context["form"].at, timezone=page.context["form"].at.tzinfo)
        assert abs(timezone.now() - local) < timedelta(minutes=1)

    def test_offers_every_answerable_outcome_once(self, contact, referral):
        groups = contact.get(ANSWER, {"referral": referral.reference}).context["groups"]
        offered = [choice.value for group in groups for choice in (*group.choices, *group.folded)]
        assert sorted(offered) == sorted({*offered}) and len(offered) == 18 and "PENDING_INFO" not in offered

    def test_is_for_those_who_may_answer(self, client, unit, referral):
        client.force_login(member(unit, Role.OFFICER))
        assert client.get(ANSWER, {"referral": referral.reference}).status_code == 403

    def test_knows_nothing_of_a_referral_to_somebody_else(self, contact, unit):
        other = ReferralFactory(sender=unit, recipient=PlatformFactory(), state="received")
        assert contact.get(ANSWER, {"referral": other.reference}).status_code == 404
        assert contact.get(ANSWER, {"item": references(other)}).status_code == 302

    def test_writes_down_who_read_which_items(self, contact, referral):
        contact.get(ANSWER, {"item": references(referral)[:1]})
        assert AuditEntry.objects.get(verb="item.consulted").target == references(referral)[0]


class TestRecording:
    def test_decides_every_item_and_says_so(self, contact, referral):
        page = contact.post(ANSWER, {"item": references(referral), **REMOVED}, follow=True)
        assert "3 answers recorded" in page.content.decode()
        assert set(Item.objects.values_list("outcome", flat=True)) == {"REMOVED"}
        assert Referral.objects.get().state == "answered"

    def test_keeps_only_what_the_outcome_has(self, contact, referral):
        contact.post(ANSWER, {"item": references(referral)[:1], **REMOVED, **REFUSED})
        decision = Decision.objects.get()
        assert (decision.outcome, decision.refusal_reason) == ("NO_ACTION", "NOT_ILLEGAL")
        assert (decision.ground, decision.legal_ground, decision.acted_at) == ("", "", None)

    def test_reads_the_time_in_the_zone_of_the_organisation(self, contact, referral):
        contact.post(ANSWER, {"item": references(referral)[:1], **REMOVED, "acted_at": "2026-07-01T12:30"})
        assert Decision.objects.get().acted_at.isoformat() == "2026-07-01T11:30:00+00:00"

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"outcome": ""}, "Choose what you did."),
            ({"ground": ""}, "Say whether the content is illegal"),
            ({"legal_ground": " "}, "Name the provision of law or the clause"),
            ({"outcome": "DISABLED_COUNTRIES"}, "Name the countries"),
            ({"outcome": "NO_ACTION"}, "choose a reason"),
            ({"acted_at": "2999-01-01T00:00"}, "cannot lie in the future"),
            ({"explanation": "x" * 2001}, "2000"),
        ],
    )
    def test_that_breaks_a_rule_loses_nothing(self, contact, referral, wrong, words):
        sent = {"item": references(referral), **REMOVED, "platform_reference": "case 77", **wrong}
        page = contact.post(ANSWER, sent)
        text = page.content.decode()
        assert page.status_code == 422 and words in text and "case 77" in text
        assert page.context["selection"].count == 3 and not Decision.objects.exists()

    def test_corrects_an_earlier_decision_and_keeps_it(self, contact, referral):
        item = references(referral)[:1]
        contact.post(ANSWER, {"item": item, **REMOVED})
        form = contact.get(ANSWER, {"item": item})
        assert "was answered before" in form.content.decode()
        assert form.context["form"]["legal_ground"].value() == REMOVED["legal_ground"]
        page = contact.post(ANSWER, {"item": item, **REFUSED}, follow=True)
        assert "1 earlier decision was corrected" in page.content.decode()
        assert list(Decision.objects.order_by("pk").values_list("outcome", flat=True)) == ["REMOVED", "NO_ACTION"]

    def test_says_of_each_item_why_it_was_refused(self, contact, unit, platform, referral):
        closed = ReferralFactory(sender=unit, recipient=platform, state="closed")
        page = contact.post(ANSWER, {"item": [*references(closed), *references(referral)], **REMOVED}, follow=True)
        text = page.content.decode()
        assert "3 answers recorded" in text and "was withdrawn or closed" in text
        assert page.context["page"].lines[0].reference == references(closed)[0]

    def test_is_refused_to_those_who_may_not_answer(self, client, unit, referral):
        client.force_login(member(unit, Role.OFFICER))
        assert client.post(ANSWER, {"item": references(referral), **REMOVED}).status_code == 403
        assert not Decision.objects.exists()

    def test_leaves_results_to_the_organisation_that_answered(self, contact):
        session = contact.session
        session["answered"] = {"outcome": "REMOVED", "rows": [], "organisation": 0}
        session.save()
        assert contact.get(reverse("portal:items-answered")).status_code == 302


class TestThePreview:
    def test_reads_as_the_sender_will_and_stores_nothing(self, contact, referral):
        text = contact.post(reverse("portal:items-statement"), REMOVED).content.decode()
        assert "Section 4.2" in text and "Content incompatible with terms and conditions" in text
        assert not Decision.objects.exists()

    def test_names_what_is_still_to_say(self, contact, referral):
        text = contact.post(reverse("portal:items-statement"), {"outcome": "NO_ACTION"}).content.decode()
        assert "Still to say" in text and "choose a reason" in text

    def test_works_without_scripts(self, contact, referral):
        page = contact.post(ANSWER, {"item": references(referral), **REMOVED, "step": "preview"})
        assert page.status_code == 200 and "Section 4.2" in page.content.decode()
        assert not Decision.objects.exists()

    def test_shows_what_the_user_is_told(self, contact, referral):
        facts = {**REMOVED, "items": " ".join(references(referral)), "explanation": "It calls for violence."}
        page = contact.post(reverse("portal:items-statement"), facts)
        text = page.content.decode()
        assert "the statement of reasons" in text and "Why it is incompatible" in text
        assert not Statement.objects.exists()

    def test_of_what_restricts_nothing_tells_the_user_nothing(self, contact, referral):
        facts = {**REFUSED, "items": " ".join(references(referral))}
        assert "the statement of reasons" not in contact.post(reverse("portal:items-statement"), facts).content.decode()


class TestFurtherOutcomes:
    def test_forwarding_says_to_whom_and_the_sender_reads_it(self, contact, client, unit, referral):
        items = references(referral)
        page = contact.post(ANSWER, {"item": items, "outcome": "FORWARDED"})
        assert page.status_code == 422 and "Say to whom the notice was forwarded." in page.content.decode()
        contact.post(ANSWER, {"item": items, "outcome": "FORWARDED", "forwarded_to": "PicPost"})
        assert set(Decision.objects.values_list("forwarded_to", flat=True)) == {"PicPost"}
        client.force_login(member(unit, Role.OFFICER))
        assert "PicPost" in client.get(reverse("portal:referral", args=[referral.reference])).content.decode()

    def test_another_service_may_be_named_or_not(self, contact, referral):
        one, two, _three = references(referral)
        contact.post(ANSWER, {"item": one, "outcome": "NOT_OUR_SERVICE"})
        contact.post(ANSWER, {"item": two, "outcome": "NOT_OUR_SERVICE", "forwarded_to": "its host"})
        assert list(Decision.objects.order_by("pk").values_list("forwarded_to", flat=True)) == ["", "its host"]

    def test_the_directory_is_offered_without_ones_own_name(self, contact, referral, platform):
        PlatformFactory(name="PicPost")
        text = contact.get(ANSWER, {"referral": referral.reference}).content.decode()
        assert '<option value="PicPost">' in text and f'<option value="{platform.name}">' not in text

    def test_an_open_outcome_asks_which_restriction(self, contact, referral):
        items = references(referral)
        asked = {**REMOVED, "item": items, "outcome": "SERVICE"}
        for wrong in ("", "DECISION_MONETARY_SUSPENSION"):
            page = contact.post(ANSWER, {**asked, "restriction": wrong})
            assert page.status_code == 422 and "Say which restriction it is" in page.content.decode()
        contact.post(ANSWER, {**asked, "restriction": "DECISION_PROVISION_TOTAL_SUSPENSION", "ends_on": "2999-01-31"})
        decision = Decision.objects.first()
        assert decision.restrictions == ["DECISION_PROVISION_TOTAL_SUSPENSION"]
        assert decision.ends_on.isoformat() == "2999-01-31"

    def test_an_end_before_the_action_is_refused(self, contact, referral):
        page = contact.post(ANSWER, {**REMOVED, "item": references(referral), "ends_on": "2020-01-31"})
        assert page.status_code == 422 and "cannot end before it began" in page.content.decode()

    def test_more_information_is_asked_for_where_the_referral_is_one(self, contact, unit, platform, referral):
        ask = f"{reverse('portal:referral', args=[referral.reference])}#act-request-information"
        assert ask in contact.get(ANSWER, {"referral": referral.reference}).content.decode()
        other = ReferralFactory(sender=unit, recipient=platform, state="received")
        items = [*references(referral), *references(other)]
        assert "#act-request-information" not in contact.get(ANSWER, {"item": items}).content.decode()


class TestOneAfterTheOther:
    @pytest.fixture
    def two(self, unit, platform):
        due = [timezone.now() + timedelta(days=days) for days in (8, 9)]
        made = [ReferralFactory(sender=unit, recipient=platform, state="received", due_at=at) for at in due]
        return [references(one)[0] for one in made]

    def test_goes_straight_on_to_what_is_due_next(self, contact, two):
        response = contact.post(ANSWER, {"items": two[0], "filters": "urgency=day", "then": "next", **REFUSED})
        assert response.headers["Location"] == f"{ANSWER}?item={two[1]}&filters=urgency%3Dday"
        assert Tracking.objects.get().item.reference == two[1]

    def test_ends_with_what_became_of_the_last(self, contact, two):
        page = contact.post(ANSWER, {"items": " ".join(two), "then": "next", **REFUSED}, follow=True)
        assert "2 answers recorded" in page.content.decode()

    def test_stops_where_something_was_refused(self, contact, unit, platform, two):
        closed = ReferralFactory(sender=unit, recipient=platform, state="closed")
        sent = {"items": f"{references(closed)[0]} {two[0]}", "then": "next", **REFUSED}
        assert contact.post(ANSWER, sent).headers["Location"] == reverse("portal:items-answered")


class TestManyAtOnce:
    @pytest.fixture
    def many(self, unit, platform):
        return lambda count, **facts: ReferralFactory(
            sender=unit, recipient=platform, state="received", items=count, **facts
        )

    def test_a_filtered_five_hundred_cost_what_three_do(self, contact, many, django_assert_num_queries):
        for count in (3, 500):
            referral = many(count, category="STATEMENT_CATEGORY_VIOLENCE")
            filters = "category=STATEMENT_CATEGORY_VIOLENCE"
            with django_assert_num_queries(18):
                form = contact.get(ANSWER, {"everything": "1", "filters": filters})
            sent = {"items": " ".join(form.context["selection"].references), "filters": filters, **REMOVED}
            with django_assert_num_queries(27):
                contact.post(ANSWER, sent)
            with django_assert_num_queries(16):
                page = contact.get(reverse("portal:items-answered"))
            assert (page.context["page"].recorded, page.context["page"].left) == (count, 0)
            assert len(page.context["page"].lines) == count
            referral.refresh_from_db()
            assert referral.state == "answered"

    def test_more_than_one_act_takes_are_left_and_said(self, contact, many, monkeypatch):
        monkeypatch.setattr("apps.portal.views.answers.AT_MOST", 3)
        many(5), many(2, urgency="life")
        form = contact.get(ANSWER, {"everything": "1", "filters": "urgency=day"})
        assert "2 more match; they are left for the next." in form.content.decode()
        sent = {"items": " ".join(form.context["selection"].references), "filters": "urgency=day", **REFUSED}
        page = contact.post(ANSWER, sent, follow=True)
        text = page.content.decode()
        assert "3 answers recorded" in text and "Answer the 2 that are left" in text and "3 / 5" in text


class TestTemplates:
    @pytest.fixture
    def template(self, contact, referral):
        kept = {**REMOVED, "explanation": "We remove calls for violence.", "platform_reference": "case 77"}
        sent = {"items": references(referral)[0], "step": "keep", "kept_as": "Violence", **kept}
        assert "Kept as the template" in contact.post(ANSWER, sent).content.decode()
        return AnswerTemplate.objects.get()

    def test_are_kept_while_an_answer_is_written_and_answer_nothing(self, template):
        assert template.facts == {**REMOVED, "explanation": "We remove calls for violence."}
        assert not Decision.objects.exists()

    def test_fill_in_the_form(self, contact, referral, template):
        page = contact.get(ANSWER, {"item": references(referral)})
        assert f'<option value="{template.pk}">Violence</option>' in page.content.decode()
        page = contact.post(ANSWER, {"items": references(referral)[0], "step": "fill", "template": template.pk})
        assert page.status_code == 200 and "We remove calls for violence." in page.content.decode()
        assert page.context["form"]["outcome"].value() == "REMOVED" and not Decision.objects.exists()

    def test_without_a_choice_leave_the_form_as_it_is(self, contact, referral, template):
        page = contact.post(ANSWER, {"items": references(referral)[0], "step": "fill", "template": "", **REFUSED})
        assert "It quotes a news report." in page.content.decode()

    def test_need_a_name_and_a_whole_answer(self, contact, referral):
        item = references(referral)[0]
        for wrong in ({**REMOVED, "kept_as": ""}, {"outcome": "REMOVED", "kept_as": "x"}):
            assert contact.post(ANSWER, {"items": item, "step": "keep", **wrong}).status_code == 422
        assert not AnswerTemplate.objects.exists()

    def test_are_listed_changed_and_deleted(self, contact, template):
        assert "Violence" in contact.get(reverse("portal:templates")).content.decode()
        edit = reverse("portal:template-edit", args=[template.pk])
        assert "We remove calls for violence." in contact.get(edit).content.decode()
        contact.post(edit, {"kept_as": "News", **REFUSED})
        (changed,) = AnswerTemplate.objects.all()
        assert (changed.name, changed.facts["refusal_reason"]) == ("News", "NOT_ILLEGAL")
        contact.post(reverse("portal:template-delete", args=[changed.pk]))
        assert not AnswerTemplate.objects.exists()

    def test_of_the_same_name_are_replaced(self, contact, template):
        contact.post(reverse("portal:template-create"), {"kept_as": "Violence", **REFUSED})
        assert AnswerTemplate.objects.get().facts["outcome"] == "NO_ACTION"

    def test_are_nobody_elses(self, client, unit, template):
        edit = reverse("portal:template-edit", args=[template.pk])
        for stranger in (member(unit, Role.OFFICER), member(PlatformFactory(), Role.CONTACT_POINT)):
            client.force_login(stranger)
            assert client.get(edit).status_code == client.post(edit, REFUSED).status_code == 404
        assert "Violence" not in client.get(reverse("portal:templates")).content.decode()

    @pytest.mark.parametrize("count", [1, 40])
    def test_cost_the_same_number_of_queries(self, contact, template, count, django_assert_num_queries):
        for number in range(count):
            contact.post(reverse("portal:template-create"), {"kept_as": f"T {number}", **REFUSED})
        with django_assert_num_queries(14):
            contact.get(reverse("portal:templates"))

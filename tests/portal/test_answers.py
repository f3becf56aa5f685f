from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.referrals.models import Decision, Item, Referral
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

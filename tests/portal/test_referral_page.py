from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.organisations.models import Capability
from apps.referrals.models import Decision, Event, Referral
from apps.referrals.models.event import Verb
from apps.referrals.transitions import TRANSITIONS, State, Transition
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, member

CONTROL = 'action="{url}"'


def page_url(referral, **kwargs):
    return reverse("portal:referral", args=[referral.reference], **kwargs)


def move_url(referral, transition):
    return reverse(f"portal:referral-{transition.value}", args=[referral.reference])


def event(referral, verb, *, disclosed, text="", actor="Somebody Inside", **data):
    return Event.objects.create(
        sender=referral.sender,
        recipient=referral.recipient,
        disclosed=disclosed,
        referral=referral,
        verb=verb,
        at=timezone.now(),
        actor_id=1,
        actor_label=actor,
        organisation_id=referral.sender_id,
        text=text,
        data=data,
    )


@pytest.fixture
def unit():
    return ReferralUnitFactory()


@pytest.fixture
def platform():
    return PlatformFactory()


@pytest.fixture
def officer(client, unit):
    user = member(unit, Role.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def contact(client, platform):
    user = member(platform, Role.CONTACT_POINT)
    client.force_login(user)
    return user


class TestWhoSeesWhat:
    def test_the_sender_sees_the_case_and_the_way_to_it(self, client, unit, officer):
        referral = ReferralFactory(sender=unit)
        page = client.get(page_url(referral)).content.decode()
        assert referral.case.title in page
        assert reverse("portal:case", args=[referral.case.reference]) in page

    def test_the_platform_sees_neither_case_nor_what_happened_inside_the_sender(self, client, platform, contact):
        referral = ReferralFactory(recipient=platform, state=State.SENT)
        event(referral, Verb.REFERRAL_RETURNED, disclosed=False, text="Spell the name right.")
        event(referral, Verb.REFERRAL_SENT, disclosed=True)
        page = client.get(page_url(referral)).content.decode()
        assert referral.case.title not in page and referral.case.reference not in page
        assert "Spell the name right." not in page
        assert "Somebody Inside" not in page
        assert referral.sender.name in page

    def test_the_sender_reads_who_of_their_own_did_it(self, client, unit, officer):
        referral = ReferralFactory(sender=unit)
        event(referral, Verb.REFERRAL_FILED, disclosed=False)
        assert "Somebody Inside" in client.get(page_url(referral)).content.decode()

    def test_a_draft_does_not_exist_for_the_platform(self, client, platform, contact):
        referral = ReferralFactory(recipient=platform)
        assert client.get(page_url(referral)).status_code == 404

    def test_another_unit_gets_the_page_of_what_does_not_exist(self, client, officer):
        referral = ReferralFactory(state=State.SENT)
        assert client.get(page_url(referral)).status_code == 404

    def test_the_anonymous_are_asked_to_sign_in(self, client):
        response = client.get(page_url(ReferralFactory()))
        assert response.status_code == 302 and "next=" in response["Location"]

    def test_the_reading_is_recorded(self, client, unit, officer):
        referral = ReferralFactory(sender=unit)
        client.get(page_url(referral))
        entry = AuditEntry.objects.get(verb="referral.consulted", target=referral.reference)
        assert entry.actor_id == officer.pk


class TestWhatItSays:
    def test_a_referral_is_no_order(self, client, unit, officer):
        page = client.get(page_url(ReferralFactory(sender=unit))).content.decode()
        assert "This is not an order." in page

    def test_addresses_are_defanged(self, client, unit, officer):
        referral = ReferralFactory(sender=unit)
        page = client.get(page_url(referral)).content.decode()
        address = referral.items.get().url
        assert f'href="{address}"' not in page
        assert f"hxxps://{referral.recipient.slug}[.]example" in page

    def test_an_overdue_answer_is_said_in_words(self, client, unit, officer):
        referral = ReferralFactory(sender=unit, state=State.ACKNOWLEDGED)
        assert "The answer is overdue by" in client.get(page_url(referral)).content.decode()

    def test_a_question_stops_the_clock(self, client, unit, officer):
        referral = ReferralFactory(sender=unit, state=State.INFO_REQUESTED)
        page = client.get(page_url(referral)).content.decode()
        assert "has asked a question." in page and "The clock stands still" in page

    def test_the_decision_is_read_with_its_address(self, client, unit, officer):
        referral = ReferralFactory(sender=unit, state=State.ANSWERED)
        item = referral.items.get()
        Decision.objects.create(
            sender=referral.sender,
            recipient=referral.recipient,
            item=item,
            outcome="REMOVED",
            ground="DECISION_GROUND_ILLEGAL_CONTENT",
            legal_ground="Criminal Code, section 131",
            decided_at=referral.answered_at,
            decided_by=officer,
            channel="web",
        )
        page = client.get(page_url(referral)).content.decode()
        assert "Criminal Code, section 131" in page and "Removed" in page

    def test_only_the_open_addresses_on_request(self, client, unit, officer):
        referral = ReferralFactory(sender=unit, state=State.ACKNOWLEDGED, items=2)
        first, second = referral.items.order_by("pk")
        referral.items.filter(pk=first.pk).update(state="decided", outcome="REMOVED", decided_at=timezone.now())
        Referral.objects.filter(pk=referral.pk).update(open_count=1)
        page = client.get(page_url(referral), {"show": "open"}).content.decode()
        assert second.reference in page and first.reference not in page

    def test_what_many_answers_said_at_once_is_one_line(self, client, unit, officer):
        referral = ReferralFactory(sender=unit, state=State.ANSWERED, items=3)
        now = timezone.now()
        Event.objects.bulk_create(
            Event(
                sender=referral.sender, recipient=referral.recipient, disclosed=True, referral=referral, item=item,
                verb=Verb.ITEM_DECIDED, at=now, actor_label="x", organisation_id=referral.recipient_id,
                data={"outcome": "REMOVED"},
            )
            for item in referral.items.all()
        )  # fmt: skip
        assert client.get(page_url(referral)).content.decode().count("Removed: 3 addresses") == 1


class TestCost:
    @pytest.mark.parametrize("count", [3, 300])
    def test_the_sender_s_page_asks_the_same_for_few_and_many(
        self, client, unit, officer, count, django_assert_num_queries
    ):
        referral = ReferralFactory(sender=unit, state=State.ANSWERED, items=count)
        for _ in range(min(count, 20)):
            event(referral, Verb.ITEM_DECIDED, disclosed=True, outcome="REMOVED")
        client.get(page_url(referral))
        with django_assert_num_queries(SENDER_QUERIES):
            client.get(page_url(referral))

    @pytest.mark.parametrize("count", [3, 300])
    def test_the_platform_s_page_too(self, client, platform, contact, count, django_assert_num_queries):
        referral = ReferralFactory(recipient=platform, state=State.ACKNOWLEDGED, items=count)
        client.get(page_url(referral))
        with django_assert_num_queries(PLATFORM_QUERIES):
            client.get(page_url(referral))

    def test_a_hundred_addresses_stand_on_a_page(self, client, unit, officer):
        referral = ReferralFactory(sender=unit, items=130)
        items = list(referral.items.order_by("pk"))
        page = client.get(page_url(referral)).content.decode()
        assert items[99].reference in page and items[100].reference not in page
        page = client.get(page_url(referral), {"page": "2"}).content.decode()
        assert items[100].reference in page and "101–130 of 130" in page


SENDER_QUERIES = 27
PLATFORM_QUERIES = 25


class TestMoves:
    def test_the_officer_hands_in_and_is_told(self, client, unit, officer):
        referral = ReferralFactory(sender=unit, created_by=officer)
        response = client.post(move_url(referral, Transition.SUBMIT), follow=True)
        referral.refresh_from_db()
        assert referral.state == State.IN_REVIEW
        assert response.redirect_chain == [(page_url(referral), 302)]
        assert "waits for somebody else to approve it" in response.content.decode()

    def test_the_author_has_no_button_to_approve_and_is_refused_without_one(self, client, unit):
        reviewer = member(unit, Role.REVIEWER)
        client.force_login(reviewer)
        referral = ReferralFactory(sender=unit, state=State.IN_REVIEW, created_by=reviewer)
        url = move_url(referral, Transition.APPROVE)
        assert url not in client.get(page_url(referral)).content.decode()
        response = client.post(url)
        assert response.status_code == 409
        assert "Somebody other than its author" in response.content.decode()
        referral.refresh_from_db()
        assert referral.state == State.IN_REVIEW

    def test_a_second_person_approves_and_may_take_it_back_at_once(self, client, unit):
        client.force_login(member(unit, Role.REVIEWER))
        referral = ReferralFactory(sender=unit, state=State.IN_REVIEW)
        page = client.post(move_url(referral, Transition.APPROVE), follow=True).content.decode()
        referral.refresh_from_db()
        assert referral.state == State.SENT
        assert "Sent by mistake? Withdraw it." in page

    def test_what_left_long_ago_offers_no_undo_but_the_button(self, client, unit, officer):
        referral = ReferralFactory(sender=unit, state=State.SENT, sent_at=timezone.now() - timedelta(hours=2))
        page = client.get(page_url(referral)).content.decode()
        assert "Sent by mistake?" not in page
        assert move_url(referral, Transition.WITHDRAW) in page

    def test_an_officer_may_not_approve(self, client, unit, officer):
        referral = ReferralFactory(sender=unit, state=State.IN_REVIEW)
        assert client.post(move_url(referral, Transition.APPROVE)).status_code == 403

    def test_a_move_that_came_too_late_says_so_and_shows_the_present_state(self, client, unit, officer):
        referral = ReferralFactory(sender=unit, state=State.CLOSED)
        response = client.post(move_url(referral, Transition.SUBMIT))
        assert response.status_code == 409
        page = response.content.decode()
        assert "present state does not allow this" in page and "Closed" in page

    def test_withdrawing_needs_a_reason(self, client, unit, officer):
        referral = ReferralFactory(sender=unit, state=State.SENT)
        response = client.post(move_url(referral, Transition.WITHDRAW), {"text": "  "})
        assert response.status_code == 422
        referral.refresh_from_db()
        assert referral.state == State.SENT

    def test_words_that_were_refused_are_not_lost(self, client, unit, officer):
        referral = ReferralFactory(sender=unit, state=State.SENT)
        text = "Please note. " * 500
        response = client.post(move_url(referral, Transition.WITHDRAW), {"text": text})
        assert response.status_code == 422
        assert text in response.content.decode()

    def test_a_question_and_its_reply(self, client, unit, platform):
        referral = ReferralFactory(sender=unit, recipient=platform, state=State.RECEIVED)
        client.force_login(member(platform, Role.CONTACT_POINT))
        client.post(move_url(referral, Transition.REQUEST_INFORMATION), {"text": "Which minute of the video?"})
        client.force_login(member(unit, Role.OFFICER))
        assert "Which minute of the video?" in client.get(page_url(referral)).content.decode()
        client.post(move_url(referral, Transition.PROVIDE_INFORMATION), {"text": "From 1:04 on."})
        client.force_login(member(platform, Role.CONTACT_POINT))
        assert "From 1:04 on." in client.get(page_url(referral)).content.decode()
        referral.refresh_from_db()
        assert referral.state == State.ACKNOWLEDGED

    @pytest.mark.parametrize("transition", [t for t, m in TRANSITIONS.items() if m.permission])
    def test_each_has_its_control_where_it_is_open(self, client, unit, platform, transition):
        move = TRANSITIONS[transition]
        state = sorted(move.sources)[0]
        referral = ReferralFactory(sender=unit, recipient=platform, state=state)
        on_the_platform = transition in {Transition.ACKNOWLEDGE, Transition.REQUEST_INFORMATION, Transition.ANSWER}
        who = member(platform, Role.CONTACT_POINT) if on_the_platform else member(unit, Role.REVIEWER)
        client.force_login(who)
        page = client.get(page_url(referral)).content.decode()
        if transition is Transition.ANSWER:
            assert f"{reverse('portal:items-answer')}?referral={referral.reference}" in page
        else:
            assert CONTROL.format(url=move_url(referral, transition)) in page


class TestHiddenAddresses:
    @pytest.fixture
    def referral(self, client):
        unit = ReferralUnitFactory(capabilities=[Capability.REFER, Capability.HANDLE_CSAM])
        client.force_login(member(unit, Role.OFFICER))
        return ReferralFactory(sender=unit, area="csam", items=2)

    def test_are_hidden_until_somebody_says_why(self, client, referral):
        page = client.get(page_url(referral)).content.decode()
        assert "Address hidden" in page
        assert "[.]example/watch" not in page and 'data-copy="https://' not in page

    def test_are_shown_once_and_the_reason_is_kept(self, client, referral):
        url = reverse("portal:referral-reveal", args=[referral.reference])
        page = client.post(url, {"justification": "Checking a report of the hotline."}).content.decode()
        assert "[.]example/watch" in page
        entry = AuditEntry.objects.get(verb="referral.revealed")
        assert entry.justification == "Checking a report of the hotline."
        assert "[.]example/watch" not in client.get(page_url(referral)).content.decode()

    def test_a_missing_reason_shows_nothing(self, client, referral):
        url = reverse("portal:referral-reveal", args=[referral.reference])
        page = client.post(url, {"justification": "x"}, follow=True).content.decode()
        assert "[.]example/watch" not in page
        assert not AuditEntry.objects.filter(verb="referral.revealed").exists()

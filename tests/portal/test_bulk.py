import pytest
from django.urls import reverse

from apps.accounts.roles import Role
from apps.referrals.models import Event, Referral
from apps.referrals.transitions import State
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, TrustedFlaggerFactory, member

ACT = reverse("portal:referrals-act")
INBOX = reverse("portal:inbox")


@pytest.fixture
def unit():
    return ReferralUnitFactory()


@pytest.fixture
def platform():
    return PlatformFactory(slug="vidstream")


@pytest.fixture
def officer(client, unit):
    client.force_login(member(unit, Role.OFFICER))
    return client


@pytest.fixture
def make(unit, platform):
    def make(**facts):
        return ReferralFactory(**{"sender": unit, "recipient": platform, **facts})

    return make


def states():
    return set(Referral.objects.values_list("state", flat=True))


def act(client, what, referrals=(), **more):
    return client.post(ACT, {"act": what, "reference": [row.reference for row in referrals], **more})


class TestAnActOnASelection:
    def test_moves_all_of_it_and_says_so_above_the_list(self, officer, make):
        response = act(officer, "submit", [make(), make()], filters="state=draft")
        assert response.headers["Location"] == f"{INBOX}?state=draft"
        assert "2 referrals wait for approval." in officer.get(INBOX).content.decode()
        assert states() == {State.IN_REVIEW}

    def test_says_sent_where_no_second_person_is_asked_for(self, client, platform):
        flagger = TrustedFlaggerFactory()
        client.force_login(member(flagger, Role.OFFICER))
        referral = ReferralFactory(sender=flagger, recipient=platform, instrument="trusted_flagger_notice")
        assert "Send</button>" in client.get(INBOX).content.decode()
        act(client, "submit", [referral])
        assert "1 referral was sent." in client.get(INBOX).content.decode()

    def test_confirms_receipts_for_a_platform(self, client, platform, make):
        client.force_login(member(platform, Role.CONTACT_POINT))
        act(client, "acknowledge", [make(state="received"), make(state="sent")])
        assert states() == {State.ACKNOWLEDGED}

    def test_tells_of_each_refusal_and_still_moves_the_rest(self, client, unit, make):
        reviewer = member(unit, Role.REVIEWER)
        client.force_login(reviewer)
        mine, other = make(state="in_review", created_by=reviewer), make(state="in_review")
        page = client.post(ACT, {"act": "approve", "reference": [mine.reference, other.reference]}, follow=True)
        text = page.content.decode()
        assert page.redirect_chain[0][0] == reverse("portal:referrals-acted")
        assert "1 referral was sent." in text and "Somebody other than its author" in text
        assert [row.reference for row in page.context["rows"]] == [mine.reference, other.reference]

    def test_is_refused_to_those_who_may_not(self, officer, make):
        assert act(officer, "approve", [make(state="in_review")]).status_code == 403
        assert states() == {State.IN_REVIEW}

    def test_never_touches_what_is_not_theirs(self, officer, make):
        stranger = make(sender=ReferralUnitFactory())
        page = officer.post(ACT, {"act": "submit", "reference": [stranger.reference]}, follow=True)
        assert "There is no such referral." in page.content.decode()
        assert states() == {State.DRAFT}

    @pytest.mark.parametrize("form", [{"act": "submit"}, {"act": "burn", "reference": "R-X"}, {}])
    def test_that_says_nothing_sensible_changes_nothing(self, officer, make, form):
        make()
        assert officer.post(ACT, form).status_code == 302
        assert states() == {State.DRAFT}


class TestWords:
    def test_are_asked_for_before_a_withdrawal(self, officer, make):
        referrals = [make(state="received"), make(state="sent")]
        page = act(officer, "withdraw", referrals)
        assert page.status_code == 200 and page.content.decode().count('name="reference"') == 2
        assert State.WITHDRAWN not in states()

    def test_go_into_the_history_of_each(self, officer, make):
        act(officer, "withdraw", [make(state="received"), make()], text="Filed by mistake.", confirmed="1")
        assert states() == {State.WITHDRAWN}
        assert list(Event.objects.values_list("text", flat=True)) == ["Filed by mistake."] * 2

    def test_that_are_missing_lose_nothing(self, officer, make):
        page = act(officer, "withdraw", [make()], text="  ", confirmed="1")
        assert page.status_code == 422 and "Say why" in page.content.decode()

    def test_that_are_too_long_are_shown_again(self, officer, make):
        page = act(officer, "withdraw", [make()], text="x" * 5001, confirmed="1")
        assert page.status_code == 422 and "x" * 5001 in page.content.decode()
        assert states() == {State.DRAFT}


class TestEverythingThatMatches:
    def test_is_asked_about_before_it_is_done(self, officer, make):
        make(), make(urgency="life")
        page = act(officer, "submit", everything="1", filters="urgency=life")
        assert page.context["asked"].title == "Submit 1 referral for approval"
        assert states() == {State.DRAFT}

    def test_takes_only_what_can_still_make_the_move(self, officer, make):
        fitting = make()
        make(state="answered")
        assert list(act(officer, "submit", everything="1").context["asked"].references) == [fitting.reference]

    def test_is_done_with_what_was_shown_in_the_question(self, officer, make):
        shown = make()
        make()
        act(officer, "submit", [shown], confirmed="1")
        assert Referral.objects.get(state=State.IN_REVIEW) == shown

    def test_stops_at_a_thousand(self, officer, make, monkeypatch):
        monkeypatch.setattr("apps.portal.views.bulk.AT_MOST", 2)
        for _ in range(3):
            make()
        assert len(act(officer, "submit", everything="1").context["asked"].references) == 2


def test_results_are_shown_to_the_organisation_that_acted_alone(officer, make):
    session = officer.session
    session["acted"] = {"act": "submit", "rows": [["R-1", "draft", "No."]], "back": INBOX, "organisation": 0}
    session.save()
    assert officer.get(reverse("portal:referrals-acted")).headers["Location"] == INBOX

import pytest
from django.urls import reverse

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.delivery.models import Channel, Delivery, DeliveryState, Route
from apps.delivery.services import deliver_pending, ways_of
from apps.referrals.tasks import start_clocks
from apps.referrals.transitions import State
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, member, token_for

PAGE, CHANGE = "portal:channels", "portal:channels-change"


@pytest.fixture
def platform():
    return PlatformFactory(slug="streamhub")


@pytest.fixture
def client(client, platform):
    client.force_login(member(platform, Role.ADMINISTRATOR))
    return client


def change(client, *order):
    return client.post(reverse(CHANGE), dict(zip(("first", "second", "third"), order, strict=False)))


class TestChannels:
    def test_says_which_work_and_what_would_be_tried(self, client, platform):
        page = client.get(reverse(PAGE)).content.decode()
        assert "Register an endpoint first." in page and "The usual order, as far as you can be reached:" in page

    def test_an_order_is_kept_and_followed(self, client, platform):
        token_for(platform, Role.CONTACT_POINT)
        assert change(client, "webhook", "api", "email").status_code == 302
        assert Route.objects.get().channels == ["webhook", "api", "email"]
        assert ways_of([platform.pk])[platform.pk] == [Channel.API, Channel.EMAIL]
        assert AuditEntry.objects.get(verb="route.changed").details == {"channels": ["webhook", "api", "email"]}
        assert 'value="webhook" selected' in client.get(reverse(PAGE)).content.decode()

    def test_no_order_is_the_usual_one_again(self, client, platform):
        change(client, "api")
        change(client)
        assert not Route.objects.exists()

    @pytest.mark.parametrize(
        ("order", "words"),
        [
            (("email", "email"), "named twice"),
            (("", "email"), "gap in the order"),
            (("pigeon",), "Select a valid choice"),
        ],
    )
    def test_what_makes_no_order_is_refused_and_changes_nothing(self, client, order, words):
        response = change(client, *order)
        assert response.status_code == 422 and words in response.content.decode()
        assert not Route.objects.exists()

    def test_is_for_administrators(self, client, platform):
        client.force_login(member(platform, Role.CONTACT_POINT))
        assert client.get(reverse(PAGE)).status_code == 403
        assert change(client, "email").status_code == 403


class TestOwnForm:
    @pytest.fixture
    def referral(self, platform):
        return ReferralFactory(sender=ReferralUnitFactory(), recipient=platform, state=State.SENT)

    @pytest.fixture
    def officer(self, client, referral):
        client.force_login(member(referral.sender, Role.OFFICER))
        return client

    def note(self, client, referral, number):
        return client.post(reverse("portal:referral-own-form", args=[referral.reference]), {"number": number})

    def test_the_number_is_the_receipt_and_starts_the_clock(self, officer, referral):
        assert "own form?" in officer.get(reverse("portal:referral", args=[referral.reference])).content.decode()
        assert self.note(officer, referral, " TS-4711 ").status_code == 302
        row = Delivery.objects.get(channel=Channel.EXTERNAL_FORM)
        assert (row.state, row.proof) == (DeliveryState.DELIVERED, {"channel": "external_form", "number": "TS-4711"})
        deliver_pending(at=row.received_at)
        start_clocks()
        referral.refresh_from_db()
        assert (referral.state, referral.received_at) == (State.RECEIVED, row.received_at)

    def test_is_noted_once(self, officer, referral):
        self.note(officer, referral, "TS-1")
        response = self.note(officer, referral, "TS-2")
        assert response.status_code == 409 and "noted already" in response.content.decode()

    @pytest.mark.parametrize("number", ["", "   ", "x" * 101])
    def test_needs_a_number(self, officer, referral, number):
        assert self.note(officer, referral, number).status_code == 422
        assert not Delivery.objects.filter(channel=Channel.EXTERNAL_FORM).exists()

    def test_is_the_senders_to_say(self, client, referral):
        client.force_login(member(referral.recipient, Role.CONTACT_POINT))
        assert self.note(client, referral, "TS-1").status_code == 403

    def test_nothing_is_noted_once_it_is_answered(self, officer, platform):
        answered = ReferralFactory(sender=ReferralUnitFactory(), recipient=platform, state=State.ANSWERED)
        officer.force_login(member(answered.sender, Role.OFFICER))
        assert self.note(officer, answered, "TS-1").status_code == 409

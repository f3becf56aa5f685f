"""How an address becomes an endpoint: whoever owns it has to say so first."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks import Webhook
from werkzeug import Response

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.core.errors import Conflict, Refused
from apps.delivery import services
from apps.delivery.models import Delivery, DeliveryState, Endpoint, EndpointState, Knock, Message
from apps.delivery.outgoing import AddressRefused
from apps.delivery.services import Outgoing
from deploy.local.ports import free_port
from tests.delivery.receiver import echo, headers_of
from tests.factories import member, principal_for
from tests.factories.endpoints import endpoint_for

E = EndpointState


@pytest.fixture
def administrator(platform):
    return principal_for(platform, Role.ADMINISTRATOR)


@pytest.fixture
def register(administrator):
    def make(url, messages=()):
        now = timezone.now()
        return services.register_endpoint(url, description="Case system", messages=messages, by=administrator, at=now)

    return make


def knock():
    return services.knock_pending(at=timezone.now())


class TestRegistering:
    def test_asks_its_owner_first_by_a_signed_challenge(self, httpserver, hook, register):
        httpserver.expect_request("/hook").respond_with_handler(echo)
        endpoint, pair = register(hook)
        assert (endpoint.state, endpoint.reason) == (E.UNVERIFIED, "new") and not httpserver.log
        assert knock() == 1
        endpoint.refresh_from_db()
        assert (endpoint.state, endpoint.reason) == (E.ACTIVE, "")
        request, _answer = httpserver.log[0]
        said = Webhook(pair.shared).verify(request.data, headers_of(request))
        assert said["type"] == "endpoint.challenge" and len(said["data"]["challenge"]) > 40

    def test_takes_the_challenge_back_as_plain_text_too(self, httpserver, hook, register):
        httpserver.expect_request("/hook").respond_with_handler(
            lambda request: Response(json.loads(request.data)["data"]["challenge"] + "\n")
        )
        endpoint, _pair = register(hook)
        knock()
        endpoint.refresh_from_db()
        assert endpoint.state == E.ACTIVE

    @pytest.mark.parametrize(
        ("body", "status"),
        [("", 200), ("ok", 200), ('{"challenge": "x"}', 200), ('{"challenge": 1}', 200), ("[]", 200), ("x", 404)],
    )
    def test_puts_nobody_into_service_who_does_not_repeat_it(self, httpserver, hook, register, body, status):
        httpserver.expect_request("/hook").respond_with_data(body, status)
        endpoint, _pair = register(hook)
        assert knock() == 0
        endpoint.refresh_from_db()
        assert (endpoint.state, endpoint.reason) == (E.UNVERIFIED, "challenge_failed")
        asked = Knock.objects.get()
        assert not asked.succeeded and asked.code == str(status) and asked.detail

    def test_knocks_once(self, httpserver, hook, register):
        httpserver.expect_request("/hook").respond_with_handler(echo)
        register(hook)
        knock(), knock()
        assert len(httpserver.log) == 1

    def test_refuses_an_inner_address(self, register):
        with pytest.raises(AddressRefused):
            register("https://10.0.0.1/")
        assert not Endpoint.objects.exists()

    def test_refuses_the_same_address_twice(self, hook, register):
        register(hook)
        with pytest.raises(Conflict) as problem:
            register(hook)
        assert problem.value.code == "endpoint_known"

    def test_refuses_a_kind_of_message_that_is_none(self, hook, register):
        with pytest.raises(Refused) as problem:
            register(hook, messages=["referral_sent", "gossip"])
        assert problem.value.code == "unknown_message"

    def test_stops_at_ten(self, httpserver, register):
        for number in range(10):
            register(httpserver.url_for(f"/{number}"))
        with pytest.raises(Conflict) as problem:
            register(httpserver.url_for("/10"))
        assert problem.value.code == "too_many_endpoints"

    def test_is_written_down_without_the_secret(self, hook, register):
        _endpoint, pair = register(hook)
        entry = AuditEntry.objects.get(verb="endpoint.registered")
        assert entry.details == {"url": hook} and pair.shared not in str(entry.__dict__)


class TestLater:
    def test_a_disabled_endpoint_comes_back_by_a_challenge(self, httpserver, hook, platform, administrator):
        endpoint, _pair = endpoint_for(platform, hook, state=E.DISABLED, reason="gone", consecutive_failures=9)
        httpserver.expect_request("/hook").respond_with_handler(echo)
        services.ask_challenge(endpoint, by=administrator, at=timezone.now())
        knock()
        endpoint.refresh_from_db()
        assert (endpoint.state, endpoint.consecutive_failures) == (E.ACTIVE, 0)

    def test_a_challenge_that_fails_takes_none_out_of_service(self, httpserver, hook, platform, administrator):
        endpoint, _pair = endpoint_for(platform, hook)
        httpserver.expect_request("/hook").respond_with_data("", 500)
        services.ask_challenge(endpoint, by=administrator, at=timezone.now())
        knock()
        endpoint.refresh_from_db()
        assert endpoint.state == E.ACTIVE

    def test_a_test_is_a_message_like_any_other(self, httpserver, hook, platform, administrator):
        endpoint, pair = endpoint_for(platform, hook)
        httpserver.expect_request("/hook").respond_with_data("")
        services.ask_test(endpoint, by=administrator, at=timezone.now())
        assert knock() == 1
        request, _answer = httpserver.log[0]
        assert Webhook(pair.shared).verify(request.data, headers_of(request))["type"] == "endpoint.test"

    def test_one_question_at_a_time(self, hook, platform, administrator):
        endpoint, _pair = endpoint_for(platform, hook)
        services.ask_test(endpoint, by=administrator, at=timezone.now())
        with pytest.raises(Conflict):
            services.ask_test(endpoint, by=administrator, at=timezone.now())

    def test_twelve_questions_an_hour(self, hook, platform, administrator):
        """Nobody makes the portal knock at a stranger's door without end."""
        endpoint, _pair = endpoint_for(platform, hook)
        now = timezone.now()
        for _time in range(12):
            services.ask_test(endpoint, by=administrator, at=now)
            Knock.objects.update(ended_at=now)
        with pytest.raises(Conflict) as problem:
            services.ask_test(endpoint, by=administrator, at=now)
        assert problem.value.code == "asked_too_often"
        services.ask_test(endpoint, by=administrator, at=now + timedelta(hours=1))

    @pytest.mark.parametrize("state", [E.UNVERIFIED, E.DISABLED])
    def test_nothing_is_tested_that_is_not_proven(self, hook, platform, administrator, state):
        endpoint, _pair = endpoint_for(platform, hook, state=state)
        with pytest.raises(Conflict):
            services.ask_test(endpoint, by=administrator, at=timezone.now())

    def test_pausing_and_resuming(self, hook, platform, administrator):
        endpoint, _pair = endpoint_for(platform, hook, consecutive_failures=7)
        with pytest.raises(Conflict):
            services.resume_endpoint(endpoint, by=administrator, at=timezone.now())
        services.pause_endpoint(endpoint, by=administrator, at=timezone.now())
        with pytest.raises(Conflict):
            services.pause_endpoint(endpoint, by=administrator, at=timezone.now())
        services.resume_endpoint(endpoint, by=administrator, at=timezone.now())
        endpoint.refresh_from_db()
        assert (endpoint.state, endpoint.consecutive_failures) == (E.ACTIVE, 0)

    def test_removing_forgets_keys_and_knocks(self, hook, register, administrator):
        endpoint, _pair = register(hook)
        services.remove_endpoint(endpoint, by=administrator, at=timezone.now())
        assert not Endpoint.objects.exists() and not Knock.objects.exists()


class TestTelling:
    @pytest.fixture
    def broken(self, hook, platform, administrator):
        return endpoint_for(platform, hook, state=E.DISABLED, reason="gone")[0]

    def test_reaches_every_administrator_once(self, broken, platform, administrator, mailoutbox):
        other = member(platform, Role.ADMINISTRATOR)
        member(platform, Role.CONTACT_POINT)
        assert [services.tell_of_broken(at=timezone.now()) for _sweep in range(2)] == [1, 0]
        (mail,) = mailoutbox
        assert {administrator.email, other.email} <= set(mail.to) and len(mail.to) == 3
        assert broken.url in mail.body and "410 Gone" in mail.body and f"/webhooks/{broken.public_id}/" in mail.body

    def test_is_tried_again_when_the_mail_server_is_back(self, broken, settings, mailoutbox):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
        assert services.tell_of_broken(at=timezone.now()) == 0
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        assert services.tell_of_broken(at=timezone.now()) == 1 and len(mailoutbox) == 1

    def test_starts_anew_when_it_breaks_again(self, httpserver, hook, broken, administrator, mailoutbox):
        services.tell_of_broken(at=timezone.now())
        httpserver.expect_request("/hook").respond_with_handler(echo)
        services.ask_challenge(broken, by=administrator, at=timezone.now())
        knock()
        Endpoint.objects.filter(state=E.ACTIVE).update(state=E.DISABLED, reason="failing")
        assert services.tell_of_broken(at=timezone.now()) == 1

    def test_says_nothing_of_what_somebody_paused(self, hook, platform, mailoutbox):
        endpoint_for(platform, hook, state=E.PAUSED)
        assert services.tell_of_broken(at=timezone.now()) == 0


class TestTheWholeWay:
    """From the outbox to the receiver, through the worker that routes and settles."""

    @pytest.fixture
    def sent(self, unit, platform):
        one = Outgoing(
            key="R-1:sent", message=Message.REFERRAL_SENT, about="R-1", sender_id=unit.pk, recipient_id=platform.pk
        )
        services.enqueue([one], at=timezone.now())
        return Delivery.objects.get(channel="push")

    def test_a_message_is_delivered_with_its_proof(self, httpserver, hook, platform, sent):
        endpoint_for(platform, hook)
        httpserver.expect_request("/hook").respond_with_data("")
        services.deliver_pending(at=timezone.now())
        sent.refresh_from_db()
        assert (sent.channel, sent.state) == ("webhook", DeliveryState.DELIVERED)
        assert sent.received_at and sent.proof["webhook_id"] == str(sent.public_id)
        assert list(sent.tried.values_list("state", "code")) == [("delivered", "200")]

    def test_gone_falls_back_to_the_next_channel(self, httpserver, hook, platform, sent, mailoutbox):
        endpoint_for(platform, hook)
        httpserver.expect_request("/hook").respond_with_data("", 410)
        services.deliver_pending(at=timezone.now())
        sent.refresh_from_db()
        assert sent.channel != "webhook"
        tries = sent.tried.order_by("pk").values_list("channel", "state", "code")
        assert ("webhook", "failed", "410") in tries
        assert tries.count() > 1, "the next channel has tried"

    def test_an_answer_goes_back_to_the_senders_own_endpoint(self, httpserver, hook, unit, platform):
        endpoint_for(unit, hook, messages=["referral_answered"])
        httpserver.expect_request("/hook").respond_with_data("")
        one = Outgoing(
            key="R-1:back", message=Message.REFERRAL_ANSWERED, about="R-1", sender_id=platform.pk, recipient_id=unit.pk
        )
        services.enqueue([one], at=timezone.now())
        services.deliver_pending(at=timezone.now())
        assert json.loads(httpserver.log[0][0].data)["type"] == "referral.answered"


class TestChanging:
    @pytest.fixture
    def change(self, administrator, platform, hook):
        endpoint, _pair = endpoint_for(platform, hook)

        def do(**wanted):
            return services.change_endpoint(endpoint, **wanted, by=administrator, at=timezone.now())

        return do

    def test_what_it_takes_asks_for_no_proof(self, change, hook):
        endpoint = change(messages=["referral_sent"], description="New name")
        assert (endpoint.url, endpoint.state, endpoint.messages) == (hook, E.ACTIVE, ["referral_sent"])
        assert endpoint.description == "New name" and not Knock.objects.exists()
        entry = AuditEntry.objects.get(verb="endpoint.changed")
        assert entry.details["before"] == {"url": hook, "messages": []}
        assert entry.details["messages"] == ["referral_sent"]

    def test_the_same_address_stays_in_service(self, change, hook):
        assert change(url=hook).state == E.ACTIVE and not Knock.objects.exists()

    def test_a_new_address_is_out_of_service_until_it_has_answered(self, change, httpserver):
        Endpoint.objects.update(consecutive_failures=7, failing_since=timezone.now(), open_until=timezone.now())
        httpserver.expect_request("/new").respond_with_handler(echo)
        endpoint = change(url=httpserver.url_for("/new"))
        endpoint.refresh_from_db()
        assert (endpoint.state, endpoint.reason, endpoint.consecutive_failures) == (E.UNVERIFIED, "new", 0)
        assert not httpserver.log and knock() == 1
        endpoint.refresh_from_db()
        assert (endpoint.state, endpoint.url) == (E.ACTIVE, httpserver.url_for("/new"))

    def test_an_answer_from_the_old_address_never_counts_for_the_new_one(self, change, administrator, hook):
        services.ask_challenge(Endpoint.objects.get(), by=administrator, at=timezone.now())
        with pytest.raises(Conflict) as problem:
            change(url=f"{hook}/new", messages=["referral_sent"])
        assert problem.value.code == "already_asked"
        endpoint = Endpoint.objects.get()
        assert (endpoint.url, endpoint.state, endpoint.messages) == (hook, E.ACTIVE, [])

    @pytest.mark.parametrize("url", ["https://192.168.0.1/", "http://hooks.platform.example/"])
    def test_refuses_what_registering_refuses(self, change, hook, url):
        with pytest.raises(AddressRefused):
            change(url=url)
        assert Endpoint.objects.get().url == hook

    def test_refuses_a_message_that_there_is_none_of(self, change):
        with pytest.raises(Refused) as problem:
            change(messages=["gossip"])
        assert problem.value.code == "unknown_message"

    def test_refuses_an_address_that_is_another_endpoints(self, change, platform, hook):
        endpoint_for(platform, f"{hook}/other")
        with pytest.raises(Conflict) as problem:
            change(url=f"{hook}/other")
        assert problem.value.code == "endpoint_known"

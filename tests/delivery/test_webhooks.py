"""What a message to an endpoint becomes, by what the endpoint answers: every row of the table in docs/webhooks.md."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.http import http_date
from werkzeug import Response

from apps.delivery.channels import webhook
from apps.delivery.models import DeliveryState, EndpointState
from deploy.local.ports import free_port
from tests.delivery.receiver import drip
from tests.factories.endpoints import endpoint_for
from tests.factories.organisations import LONG_AGO

D, E = DeliveryState, EndpointState


def answers(httpserver, status, **headers):
    httpserver.expect_request("/hook").respond_with_data("", status, headers)


def send(*rows):
    return dict(webhook.deliver(rows, at=timezone.now()))


def fate_of(row):
    return send(row)[row]


class TestWhatIsTaken:
    @pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
    def test_is_delivered_with_proof(self, httpserver, hook, platform, message, status):
        endpoint_for(platform, hook)
        answers(httpserver, status)
        row = message()
        fate = fate_of(row)
        assert (fate.state, fate.code) == (D.DELIVERED, str(status))
        assert fate.proof["webhook_id"] == str(row.public_id) and fate.proof["status"] == status
        assert hook not in json.dumps(fate.proof), "the address is its owner's; the sender sees its digest"

    def test_says_what_happened_and_to_what_and_no_more(self, httpserver, hook, platform, message):
        endpoint_for(platform, hook)
        answers(httpserver, 200)
        send(message())
        request, _answer = httpserver.log[0]
        body = json.loads(request.data)
        assert body["type"] == "referral.sent" and body["timestamp"].endswith("Z")
        told = {"reference": "R-TEST-00001", "from": "northern-unit", "instrument": "referral", "items": 2}
        assert body["data"] == {**told, "urgency": "day"}
        assert request.headers["Content-Type"] == "application/json" and request.method == "POST"


WORSE = {
    300: (D.DEFERRED, E.ACTIVE),
    301: (D.DEFERRED, E.ACTIVE),
    302: (D.DEFERRED, E.ACTIVE),
    307: (D.DEFERRED, E.ACTIVE),
    308: (D.DEFERRED, E.ACTIVE),
    400: (D.DEFERRED, E.ACTIVE),
    401: (D.DEFERRED, E.ACTIVE),
    403: (D.DEFERRED, E.ACTIVE),
    404: (D.DEFERRED, E.ACTIVE),
    408: (D.DEFERRED, E.ACTIVE),
    410: (D.FAILED, E.DISABLED),
    413: (D.DEFERRED, E.ACTIVE),
    422: (D.DEFERRED, E.ACTIVE),
    425: (D.DEFERRED, E.ACTIVE),
    429: (D.DEFERRED, E.ACTIVE),
    500: (D.DEFERRED, E.ACTIVE),
    501: (D.DEFERRED, E.ACTIVE),
    502: (D.DEFERRED, E.ACTIVE),
    503: (D.DEFERRED, E.ACTIVE),
    504: (D.DEFERRED, E.ACTIVE),
    599: (D.DEFERRED, E.ACTIVE),
}


class TestWhatIsNotTaken:
    @pytest.mark.parametrize(("status", "expected"), WORSE.items())
    def test_is_tried_again_or_handed_to_the_next_channel(self, httpserver, hook, platform, message, status, expected):
        endpoint, _pair = endpoint_for(platform, hook)
        answers(httpserver, status, Location="http://127.0.0.1:1/")
        fate = fate_of(message())
        endpoint.refresh_from_db()
        assert (fate.state, endpoint.state) == expected
        assert fate.code == str(status) and fate.detail and fate.proof is None
        assert (endpoint.consecutive_failures, endpoint.leases) == (1, [])

    @pytest.mark.parametrize("status", [400, 404, 422])
    def test_a_refusal_is_believed_at_the_fourth_time(self, httpserver, hook, platform, message, status):
        endpoint_for(platform, hook)
        answers(httpserver, status)
        assert fate_of(message(attempts=3)).state == D.DEFERRED
        assert fate_of(message(number=2, attempts=4)).state == D.FAILED

    @pytest.mark.parametrize("status", [302, 408, 429, 500, 503])
    def test_anything_else_never_is(self, httpserver, hook, platform, message, status):
        endpoint_for(platform, hook)
        answers(httpserver, status)
        assert fate_of(message(attempts=12)).state == D.DEFERRED

    def test_a_redirect_to_this_machine_is_not_followed(self, httpserver, hook, platform, message):
        endpoint_for(platform, hook)
        answers(httpserver, 307, Location=httpserver.url_for("/inner"))
        httpserver.expect_request("/inner").respond_with_data("secret")
        assert fate_of(message()).code == "307"
        assert [asked.path for asked, _answer in httpserver.log] == ["/hook"]

    def test_an_endless_answer_is_cut_off(self, httpserver, hook, platform, message):
        endpoint_for(platform, hook)
        endless = Response(b"x" * 65536 for _chunk in range(100_000))
        httpserver.expect_request("/hook").respond_with_response(endless)
        assert fate_of(message()).state == D.DELIVERED

    def test_silence_is_not_waited_for_beyond_the_limit(self, platform, message, monkeypatch):
        monkeypatch.setattr("apps.delivery.outgoing.posting.post.__kwdefaults__", {"seconds": 0.5})
        endpoint_for(platform, f"http://127.0.0.1:{drip(b'')}/hook")
        fate = fate_of(message())
        assert (fate.state, fate.code) == (D.DEFERRED, "timeout")

    def test_a_machine_that_is_away_is_tried_again(self, platform, message):
        endpoint_for(platform, f"http://127.0.0.1:{free_port()}/hook")
        fate = fate_of(message())
        assert (fate.state, fate.code) == (D.DEFERRED, "connection")

    def test_a_name_that_leads_inside_now_disables_the_endpoint(self, settings, hook, platform, message):
        endpoint, _pair = endpoint_for(platform, hook)
        settings.OUTGOING_MAY_REACH_LOOPBACK = False
        fate = fate_of(message())
        endpoint.refresh_from_db()
        assert (fate.state, fate.code) == (D.FAILED, "forbidden")
        assert (endpoint.state, endpoint.reason) == (E.DISABLED, "forbidden")


class TestRetryAfter:
    @pytest.mark.parametrize("status", [429, 502, 503, 504])
    @pytest.mark.parametrize(("asked", "seconds"), [("120", 120), ("0", 0), ("999999999", 86_400), ("soon", None)])
    def test_is_honoured_up_to_a_day(self, httpserver, hook, platform, message, status, asked, seconds):
        endpoint, _pair = endpoint_for(platform, hook)
        answers(httpserver, status, **{"Retry-After": asked})
        fate = fate_of(message())
        endpoint.refresh_from_db()
        assert fate.retry_after == seconds
        left_alone = (endpoint.open_until - timezone.now()).total_seconds()
        assert left_alone == pytest.approx(60 if seconds is None else seconds, abs=5)

    def test_may_be_a_date(self, httpserver, hook, platform, message):
        endpoint_for(platform, hook)
        answers(httpserver, 503, **{"Retry-After": http_date(timezone.now().timestamp() + 600)})
        assert fate_of(message()).retry_after == pytest.approx(600, abs=5)

    def test_holds_for_every_message_to_that_endpoint(self, httpserver, hook, platform, message):
        endpoint_for(platform, hook)
        answers(httpserver, 429, **{"Retry-After": "300"})
        send(message())
        later = fate_of(message(number=2))
        assert later.state == D.QUEUED and later.retry_after == pytest.approx(300, abs=5)
        assert len(httpserver.log) == 1


class TestTheWay:
    def test_without_an_endpoint_in_service_is_the_next_channel(self, hook, platform, message):
        endpoint_for(platform, hook, state=E.PAUSED)
        assert fate_of(message()).state == D.FAILED

    def test_leads_to_the_oldest_endpoint_that_wants_it(self, httpserver, platform, message):
        for number, wanted in enumerate((["referral_answered"], ["referral_sent"], [])):
            httpserver.expect_request(f"/{number}").respond_with_data("")
            endpoint_for(platform, httpserver.url_for(f"/{number}"), messages=wanted)
        send(message())
        assert [asked.path for asked, _answer in httpserver.log] == ["/1"]

    def test_leads_to_the_next_one_while_the_first_is_left_alone(self, httpserver, platform, message):
        httpserver.expect_request("/second").respond_with_data("")
        soon = timezone.now() + timedelta(minutes=1)
        endpoint_for(platform, httpserver.url_for("/first"), open_until=soon)
        endpoint_for(platform, httpserver.url_for("/second"))
        assert fate_of(message()).state == D.DELIVERED

    def test_is_open_to_whoever_has_an_endpoint_in_service(self, hook, platform, unit):
        endpoint_for(platform, hook)
        endpoint_for(unit, hook, state=E.UNVERIFIED)
        assert webhook.reachable([platform.pk, unit.pk]) == {platform.pk}

    def test_ends_after_seven_days_without_a_message_taken(self, httpserver, hook, platform, message):
        endpoint, _pair = endpoint_for(platform, hook, failing_since=LONG_AGO, consecutive_failures=9)
        answers(httpserver, 500)
        send(message())
        endpoint.refresh_from_db()
        assert (endpoint.state, endpoint.reason) == (E.DISABLED, "failing")

"""A failing endpoint is left alone, a slow one is not flooded, and every worker knows of both."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone
from werkzeug import Response

from apps.delivery.channels import webhook
from apps.delivery.models import DeliveryState, Endpoint
from apps.delivery.webhooks.circuit import AT_ONCE, FAILURES, admit
from tests.factories.endpoints import endpoint_for

NOW = timezone.now()


@pytest.fixture
def endpoint(platform, hook):
    return endpoint_for(platform, hook)[0]


def send(*rows):
    return [fate for _row, fate in webhook.deliver(rows, at=timezone.now())]


def now(endpoint):
    endpoint.refresh_from_db()
    return endpoint


class TestBreaker:
    def test_opens_after_five_failures_and_asks_no_more(self, httpserver, endpoint, message):
        httpserver.expect_request("/hook").respond_with_data("", 500)
        fates = send(*[message(number) for number in range(40)])
        tried = [fate for fate in fates if fate.state == DeliveryState.DEFERRED]
        left = [fate for fate in fates if fate.state == DeliveryState.QUEUED]
        assert FAILURES <= len(httpserver.log) == len(tried) < FAILURES + AT_ONCE
        assert len(tried) + len(left) == 40 and all(fate.retry_after > 30 for fate in left)
        assert now(endpoint).open_until > timezone.now()

    def test_lets_one_message_try_when_the_time_is_over_and_closes(self, httpserver, endpoint, message):
        Endpoint.objects.update(consecutive_failures=5, open_until=timezone.now() - timedelta(seconds=1))
        assert admit(endpoint.pk, wanted=9, at=timezone.now()).granted == 1
        Endpoint.objects.update(leases=[])
        httpserver.expect_request("/hook").respond_with_data("")
        fates = send(*[message(number) for number in range(6)])
        assert {fate.state for fate in fates} == {DeliveryState.DELIVERED}
        assert (now(endpoint).consecutive_failures, endpoint.open_until) == (0, None)

    def test_stays_open_longer_each_time_the_one_fails(self, httpserver, endpoint, message):
        httpserver.expect_request("/hook").respond_with_data("", 500)
        waits = []
        for number in range(FAILURES + 3):
            Endpoint.objects.filter(open_until__isnull=False).update(open_until=timezone.now())
            send(message(number))
            opened = now(endpoint).open_until
            waits.append(round((opened - timezone.now()).total_seconds()) if opened else 0)
        assert waits == [0, 0, 0, 0, 60, 120, 300, 600]

    def test_lets_others_through_meanwhile(self, httpserver, endpoint, message, unit):
        Endpoint.objects.update(open_until=timezone.now() + timedelta(minutes=5))
        endpoint_for(unit, httpserver.url_for("/other"))
        httpserver.expect_request("/other").respond_with_data("")
        back = message(number=2, sender=endpoint.organisation, recipient=unit, message="referral_answered")
        assert {fate.state for fate in send(message(), back)} == {DeliveryState.QUEUED, DeliveryState.DELIVERED}


class TestBulkhead:
    def test_sends_four_at_once_to_one_endpoint(self, httpserver, endpoint, message):
        under_way, most, lock = [0], [0], threading.Lock()

        def slow(_request):
            with lock:
                under_way[0] += 1
                most[0] = max(most[0], under_way[0])
            threading.Event().wait(0.1)
            with lock:
                under_way[0] -= 1
            return Response("")

        httpserver.expect_request("/hook").respond_with_handler(slow)
        fates = send(*[message(number) for number in range(12)])
        assert {fate.state for fate in fates} == {DeliveryState.DELIVERED}
        assert most == [AT_ONCE] and now(endpoint).leases == []

    def test_hands_back_what_it_cannot_send_before_its_claim_ends(self, httpserver, endpoint, message, monkeypatch):
        """A slow endpoint that takes everything would hold a claim until another worker sends the same again."""
        monkeypatch.setattr(webhook, "BUDGET_SECONDS", 0.4)

        def slow(_request):
            threading.Event().wait(0.2)
            return Response("")

        httpserver.expect_request("/hook").respond_with_handler(slow)
        fates = send(*[message(number) for number in range(60)])
        states = [fate.state for fate in fates]
        assert 0 < len(httpserver.log) == states.count(DeliveryState.DELIVERED) < 30
        assert states.count(DeliveryState.QUEUED) == 60 - len(httpserver.log)
        assert now(endpoint).leases == []

    def test_counts_what_other_workers_have_under_way(self, endpoint):
        assert admit(endpoint.pk, wanted=3, at=NOW).granted == 3
        assert admit(endpoint.pk, wanted=3, at=NOW).granted == 1
        full = admit(endpoint.pk, wanted=3, at=NOW)
        assert full.granted == 0 and full.wait > 0

    def test_forgets_what_a_dead_worker_had(self, endpoint):
        admit(endpoint.pk, wanted=4, at=NOW)
        assert admit(endpoint.pk, wanted=4, at=NOW + timedelta(minutes=2)).granted == 4

"""Signatures as the published libraries of Standard Webhooks verify them, and rotation without a lost message."""

import base64
import json
from datetime import timedelta

import pytest
import time_machine
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from apps.accounts.roles import Role
from apps.delivery import services
from apps.delivery.channels import webhook
from apps.delivery.models import DeliveryState, EndpointKey
from apps.delivery.webhooks.sealing import CannotUnseal, seal, unseal
from apps.delivery.webhooks.signing import headers_for, new_pair
from tests.delivery.receiver import headers_of, verify_in_node
from tests.factories import principal_for
from tests.factories.endpoints import endpoint_for

BODY = b'{"type":"referral.sent","data":{"reference":"R-1"}}'
ID = "0b7a5f9e-6c1d-4a8e-9b57-0d6f6c6f7a11"


def signed(*pairs, at=None):
    return dict(headers_for(BODY, message=ID, at=at or timezone.now(), keys=pairs))


def verify_ed25519(public, body, headers):
    """What docs/webhooks.md tells an engineer to do."""
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public.removeprefix("whpk_")))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    signatures = [one[4:] for one in headers["webhook-signature"].split(" ") if one.startswith("v1a,")]
    for signature in signatures:
        try:
            key.verify(base64.b64decode(signature), content)
        except InvalidSignature:
            continue
        return True
    return False


class TestTheLibraries:
    def test_the_python_one_takes_ours(self):
        pair = new_pair()
        assert Webhook(pair.shared).verify(BODY, signed(pair)) == json.loads(BODY)

    def test_the_npm_one_takes_ours(self):
        pair = new_pair()
        assert verify_in_node(pair.shared, BODY, signed(pair)) == json.loads(BODY)

    @pytest.mark.parametrize("minutes", [-6, 6])
    def test_both_refuse_what_is_more_than_five_minutes_old_or_early(self, minutes):
        pair = new_pair()
        headers = signed(pair, at=timezone.now() + timedelta(minutes=minutes))
        with pytest.raises(WebhookVerificationError):
            Webhook(pair.shared).verify(BODY, headers)
        assert "refused" in verify_in_node(pair.shared, BODY, headers)

    @pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
    def test_both_refuse_what_somebody_has_changed(self, name):
        pair = new_pair()
        headers = signed(pair)
        other = {"webhook-id": "x", "webhook-timestamp": str(int(headers["webhook-timestamp"]) - 1)}
        headers[name] = other.get(name) or signed(new_pair())[name]
        with pytest.raises(WebhookVerificationError):
            Webhook(pair.shared).verify(BODY, headers)
        assert "refused" in verify_in_node(pair.shared, BODY, headers)

    def test_either_key_of_two_is_enough(self):
        old, new = new_pair(), new_pair()
        headers = signed(new, old)
        for pair in (old, new):
            assert Webhook(pair.shared).verify(BODY, headers)
            assert "refused" not in verify_in_node(pair.shared, BODY, headers)
            assert verify_ed25519(pair.public, BODY, headers)

    def test_the_public_key_alone_is_enough_for_ed25519(self):
        pair = new_pair()
        assert verify_ed25519(pair.public, BODY, signed(pair))
        assert not verify_ed25519(pair.public, BODY + b" ", signed(pair))
        assert not verify_ed25519(new_pair().public, BODY, signed(pair))


class TestEachTry:
    def test_keeps_the_id_and_the_body_and_says_its_own_time(self, httpserver, hook, platform, message):
        _endpoint, pair = endpoint_for(platform, hook)
        httpserver.expect_request("/hook").respond_with_data("", 500)
        row = message()
        for minutes in (0, 10):
            with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False):
                list(webhook.deliver([row], at=timezone.now()))
                request, _answer = httpserver.log[-1]
                assert Webhook(pair.shared).verify(request.data, headers_of(request))
        (first, _), (second, _) = httpserver.log
        assert first.data == second.data and first.headers["webhook-id"] == second.headers["webhook-id"]
        assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) >= 600


class TestRotation:
    @pytest.fixture
    def administrator(self, platform):
        return principal_for(platform, Role.ADMINISTRATOR)

    def test_loses_no_message_whichever_key_the_receiver_has(self, httpserver, hook, platform, message, administrator):
        """A receiver keeps the old secret while messages go out, and changes over at some point in the overlap."""
        endpoint, old = endpoint_for(platform, hook)
        httpserver.expect_request("/hook").respond_with_data("")
        secrets = [old.shared]
        for number in range(9):
            if number == 3:
                _endpoint, new = services.rotate_keys(endpoint, by=administrator, at=timezone.now())
            if number == 6:
                secrets = [new.shared]
            ((_row, fate),) = webhook.deliver([message(number)], at=timezone.now())
            request, _answer = httpserver.log[-1]
            assert fate.state == DeliveryState.DELIVERED
            assert all(Webhook(one).verify(request.data, headers_of(request)) for one in secrets)

    def test_ends_after_a_day(self, httpserver, hook, platform, message, administrator):
        endpoint, old = endpoint_for(platform, hook)
        services.rotate_keys(endpoint, by=administrator, at=timezone.now() - timedelta(hours=25))
        httpserver.expect_request("/hook").respond_with_data("")
        list(webhook.deliver([message()], at=timezone.now()))
        request, _answer = httpserver.log[-1]
        with pytest.raises(WebhookVerificationError):
            Webhook(old.shared).verify(request.data, headers_of(request))

    def test_leaves_two_generations_at_the_most(self, hook, platform, administrator):
        endpoint, _pair = endpoint_for(platform, hook)
        now = timezone.now()
        for _time in range(3):
            services.rotate_keys(endpoint, by=administrator, at=now)
        assert EndpointKey.objects.filter(retires_at=None).count() == 1
        assert EndpointKey.objects.filter(retires_at__gt=now).count() == 1

    def test_after_a_leak_ends_at_once(self, hook, platform, administrator):
        endpoint, _pair = endpoint_for(platform, hook)
        now = timezone.now()
        services.rotate_keys(endpoint, by=administrator, at=now, overlap=timedelta(0))
        assert not EndpointKey.objects.filter(retires_at__gt=now).exists()


class TestAtRest:
    def test_nothing_readable_is_stored(self, hook, platform):
        _endpoint, pair = endpoint_for(platform, hook)
        stored = bytes(EndpointKey.objects.get().sealed)
        assert pair.secret not in stored and pair.private not in stored

    def test_opens_for_its_own_row_alone(self, hook, platform, unit):
        endpoint_for(platform, hook)
        endpoint_for(unit, hook)
        first, second = EndpointKey.objects.order_by("pk")
        with pytest.raises(CannotUnseal):
            unseal(first.sealed, row=second.public_id)

    def test_survives_a_change_of_the_portals_own_key(self, settings, hook, platform):
        endpoint_for(platform, hook)
        key = EndpointKey.objects.get()
        opened = unseal(key.sealed, row=key.public_id)
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
        assert unseal(key.sealed, row=key.public_id) == opened
        assert unseal(seal(opened, row=key.public_id), row=key.public_id) == opened
        settings.SECRET_KEY_FALLBACKS = []
        with pytest.raises(CannotUnseal):
            unseal(key.sealed, row=key.public_id)

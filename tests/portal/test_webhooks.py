import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.roles import Role
from apps.delivery import services
from apps.delivery.models import Attempt, Delivery, Endpoint, EndpointKey, EndpointState
from tests.delivery.receiver import echo
from tests.factories import PlatformFactory, ReferralUnitFactory, member
from tests.factories.endpoints import endpoint_for

URL = "https://hooks.platform.example/relay"
ASKED = {"url": URL, "description": "Case system", "messages": ["referral_sent"]}


@pytest.fixture
def platform():
    return PlatformFactory()


@pytest.fixture
def client(client, platform):
    client.force_login(member(platform, Role.ADMINISTRATOR))
    return client


@pytest.fixture
def endpoint(platform):
    return endpoint_for(platform, URL, description="Case system")[0]


def page(client, endpoint):
    return client.get(reverse("portal:webhook", args=[endpoint.public_id])).content.decode()


def secrets_in(answer):
    return re.findall(r"whsec_[\w+/=]{40,}", answer.content.decode())


class TestRegister:
    def test_shows_the_secret_once(self, client):
        made = client.post(reverse("portal:webhook-create"), ASKED)
        assert made.status_code == 200 and made["Cache-Control"] == "no-store"
        assert secrets_in(made)
        again = client.get(reverse("portal:webhooks"))
        assert not secrets_in(again) and URL in again.content.decode()

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"url": ""}, "required"),
            ({"url": "http://hooks.platform.example/"}, "must begin with https://"),
            ({"url": "https://192.168.0.1/"}, "host name instead of an IP address"),
            ({"url": "https://hooks.platform.example:22/"}, "ports 443 and 8443"),
            ({"messages": ["gossip"]}, "not one of the available choices"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, client, wrong, said):
        answer = client.post(reverse("portal:webhook-create"), {**ASKED, **wrong})
        text = answer.content.decode()
        assert answer.status_code == 422 and said in text and "Case system" in text
        assert not Endpoint.objects.exists()

    def test_offers_the_messages_an_organisation_gets(self, client):
        text = client.get(reverse("portal:webhooks")).content.decode()
        assert 'value="referral_sent"' in text and 'value="referral_answered"' not in text

    def test_goes_from_the_form_to_service(self, client, httpserver, commit):
        httpserver.expect_request("/hook").respond_with_handler(echo)
        with commit():
            client.post(reverse("portal:webhook-create"), {"url": httpserver.url_for("/hook")})
        assert Endpoint.objects.get().state == EndpointState.ACTIVE


class TestOneEndpoint:
    def test_waits_in_sight_and_shows_what_came_back(self, client, platform, httpserver):
        endpoint, _pair = endpoint_for(platform, httpserver.url_for("/hook"))
        httpserver.expect_request("/hook").respond_with_data("", 503)
        client.post(reverse("portal:webhook-test", args=[endpoint.public_id]))
        assert "hx-trigger" in page(client, endpoint)
        services.knock_pending(at=timezone.now())
        part = client.get(
            reverse("portal:webhook", args=[endpoint.public_id]), headers={"hx-request": "true", "hx-target": "checks"}
        ).content.decode()
        assert "<html" not in part and "hx-trigger" not in part
        assert "503" in part and "asks to be left alone" in part

    @pytest.mark.parametrize(
        ("state", "offered", "hidden"),
        [
            ("unverified", {"challenge"}, {"test", "pause", "resume"}),
            ("active", {"test", "pause"}, {"challenge", "resume"}),
            ("paused", {"test", "resume"}, {"challenge", "pause"}),
            ("disabled", {"challenge"}, {"test", "pause", "resume"}),
        ],
    )
    def test_offers_what_can_be_done_now(self, client, endpoint, state, offered, hidden):
        Endpoint.objects.update(state=state)
        text = page(client, endpoint)
        there = {act for act in offered | hidden if f"{endpoint.public_id}/{act}/" in text}
        assert there == offered

    def test_pauses_and_resumes(self, client, endpoint):
        for act, state in (("pause", "paused"), ("resume", "active")):
            client.post(reverse(f"portal:webhook-{act}", args=[endpoint.public_id]))
            endpoint.refresh_from_db()
            assert endpoint.state == state

    def test_says_why_something_cannot_be_done(self, client, endpoint):
        answer = client.post(reverse("portal:webhook-resume", args=[endpoint.public_id]), follow=True)
        assert "is not in service" in answer.content.decode()

    @pytest.mark.parametrize(("overlap", "signing"), [("24", 2), ("0", 1)])
    def test_rotates_and_shows_the_new_secret_once(self, client, endpoint, overlap, signing):
        made = client.post(reverse("portal:webhook-rotate", args=[endpoint.public_id]), {"overlap": overlap})
        assert secrets_in(made) and made["Cache-Control"] == "no-store"
        text = page(client, endpoint)
        assert text.count("whpk_") >= signing and "whsec_" not in text
        assert EndpointKey.objects.exclude(retires_at__lte=timezone.now()).count() == signing

    def test_is_changed_on_a_page_of_its_own(self, client, endpoint):
        address = reverse("portal:webhook-change", args=[endpoint.public_id])
        assert URL in client.get(address).content.decode() and address in page(client, endpoint)
        wrong = client.post(address, {**ASKED, "url": "https://192.168.0.1/"})
        assert wrong.status_code == 422 and "host name instead of an IP address" in wrong.content.decode()
        done = client.post(address, {"url": f"{URL}/2", "description": "", "messages": ["referral_sent"]}, follow=True)
        assert "The endpoint is changed." in done.content.decode()
        endpoint.refresh_from_db()
        assert (endpoint.url, endpoint.state, endpoint.messages) == (f"{URL}/2", "unverified", ["referral_sent"])

    def test_refuses_an_overlap_that_is_no_choice(self, client, endpoint):
        assert client.post(reverse("portal:webhook-rotate", args=[endpoint.public_id]), {}).status_code == 422
        assert EndpointKey.objects.count() == 1

    def test_is_deleted(self, client, endpoint):
        client.post(reverse("portal:webhook-remove", args=[endpoint.public_id]))
        assert not Endpoint.objects.exists()

    def test_out_of_service_is_told_on_the_first_page(self, client, endpoint):
        Endpoint.objects.update(state="disabled", reason="gone")
        text = client.get(reverse("portal:webhooks")).content.decode()
        assert f"{URL} is out of service." in text and "410 Gone" in text


class TestWho:
    @pytest.mark.parametrize("role", [Role.CONTACT_POINT])
    def test_only_administrators(self, platform, endpoint, role):
        client = Client()
        client.force_login(member(platform, role))
        for name, arguments in (("webhooks", []), ("webhook", [endpoint.public_id])):
            assert client.get(reverse(f"portal:{name}", args=arguments)).status_code == 403
        assert client.post(reverse("portal:webhook-create"), ASKED).status_code == 403
        assert reverse("portal:webhooks") not in client.get(reverse("portal:desk")).content.decode()

    def test_is_in_their_menu(self, client):
        assert reverse("portal:webhooks") in client.get(reverse("portal:desk")).content.decode()

    def test_anothers_endpoint_is_not_there(self, client):
        other, _pair = endpoint_for(ReferralUnitFactory(), URL)
        assert client.get(reverse("portal:webhook", args=[other.public_id])).status_code == 404
        for act in ("rotate", "remove", "test", "pause", "challenge", "resume"):
            assert client.post(reverse(f"portal:webhook-{act}", args=[other.public_id])).status_code == 404


def test_the_latest_tries_stand_below_the_endpoints(client, platform, endpoint):
    now, unit = timezone.now(), ReferralUnitFactory()
    common = {"sender": unit, "recipient": platform}
    row = Delivery.objects.create(
        **common, key="x", channel="webhook", message="referral_sent", about="R-1", next_at=now, created_at=now
    )
    tried = {"number": 1, "channel": "webhook", "state": "deferred", "code": "502", "started_at": now, "ended_at": now}
    Attempt.objects.create(**common, delivery=row, detail="The endpoint failed.", **tried)
    text = client.get(reverse("portal:webhooks")).content.decode()
    assert "502" in text and "The endpoint failed." in text and "R-1" in text

import json
import uuid

import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from apps.accounts.roles import Role
from apps.delivery import services
from apps.delivery.models import Endpoint, EndpointState
from tests.factories import PlatformFactory, ReferralUnitFactory, principal_for
from tests.factories.endpoints import endpoint_for

URL = "https://hooks.platform.example/relay"


@pytest.fixture
def administrator(api, video):
    return api(video, Role.ADMINISTRATOR)


class TestRegister:
    def test_gives_the_secret_once(self, administrator):
        made = administrator.post("webhooks/", {"url": URL, "messages": ["referral_sent"]})
        assert made.status_code == 201
        body = made.json()
        assert body["secret"].startswith("whsec_") and body["keys"][0]["public_key"].startswith("whpk_")
        assert (body["state"], body["reason"], body["messages"]) == ("unverified", "new", ["referral_sent"])
        assert body["last_check"]["kind"] == "challenge" and body["last_check"]["succeeded"] is None
        again = administrator.get(f"webhooks/{body['id']}/").json()
        assert again == {name: value for name, value in body.items() if name != "secret"}
        assert body["secret"] not in administrator.get("webhooks/").content.decode()

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({"url": "http://hooks.platform.example/"}, "address_refused"),
            ({"url": "https://10.0.0.1/"}, "address_refused"),
            ({"url": URL, "messages": ["gossip"]}, "unknown_message"),
            ({"url": URL, "secret": "mine"}, "unknown_field"),
            ({}, "invalid"),
        ],
    )
    def test_refuses_with_a_code(self, administrator, body, code):
        answer = administrator.post("webhooks/", body)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert not Endpoint.objects.exists()

    def test_refuses_the_same_address_twice(self, administrator):
        administrator.post("webhooks/", {"url": URL})
        assert administrator.post("webhooks/", {"url": URL}).json()["code"] == "endpoint_known"


class TestOneEndpoint:
    @pytest.fixture
    def path(self, video):
        return f"webhooks/{endpoint_for(video, URL)[0].public_id}/"

    def test_rotates_with_both_generations_shown(self, administrator, path):
        old = administrator.get(path).json()["keys"]
        body = administrator.post(f"{path}rotate/", {"overlap_hours": 48}).json()
        assert body["secret"].startswith("whsec_")
        assert [key["retires_at"] is None for key in body["keys"]] == [True, False]
        assert body["keys"][1]["id"] == old[0]["id"]
        leaked = administrator.post(f"{path}rotate/", {"overlap_hours": 0}).json()
        assert len(leaked["keys"]) == 1

    def test_refuses_an_overlap_of_more_than_a_week(self, administrator, path):
        assert administrator.post(f"{path}rotate/", {"overlap_hours": 169}).status_code == 422

    def test_is_tested_and_says_what_became_of_it(self, administrator, video, httpserver):
        endpoint, pair = endpoint_for(video, httpserver.url_for("/hook"))
        httpserver.expect_request("/hook").respond_with_data("")
        asked = administrator.post(f"webhooks/{endpoint.public_id}/test/").json()
        assert asked["last_check"]["succeeded"] is None
        services.knock_pending(at=timezone.now())
        check = administrator.get(f"webhooks/{endpoint.public_id}/").json()["last_check"]
        assert (check["kind"], check["succeeded"], check["code"]) == ("test", True, "200")
        request, _answer = httpserver.log[0]
        headers = {name: request.headers[name] for name in ("webhook-id", "webhook-timestamp", "webhook-signature")}
        assert Webhook(pair.shared).verify(request.data, headers) == json.loads(request.data)

    def test_changes_what_is_named_and_nothing_else(self, administrator, path):
        body = administrator.post(f"{path}update/", {"messages": ["referral_sent"]}).json()
        assert (body["url"], body["state"], body["messages"]) == (URL, "active", ["referral_sent"])
        moved = administrator.post(f"{path}update/", {"url": f"{URL}/2"}).json()
        assert (moved["url"], moved["state"], moved["reason"]) == (f"{URL}/2", "unverified", "new")
        assert moved["last_check"]["kind"] == "challenge" and moved["messages"] == ["referral_sent"]
        assert moved["keys"] == body["keys"]
        refused = administrator.post(f"{path}update/", {"url": "http://10.0.0.1/"})
        assert (refused.status_code, refused.json()["code"]) == (422, "address_refused")

    def test_pauses_and_resumes(self, administrator, path):
        assert administrator.post(f"{path}pause/").json()["state"] == "paused"
        assert administrator.post(f"{path}pause/").json()["code"] == "not_in_service"
        assert administrator.post(f"{path}resume/").json()["state"] == "active"

    def test_is_deleted(self, administrator, path):
        assert administrator.post(f"{path}delete/").status_code == 200
        assert administrator.get(path).status_code == 404
        assert not Endpoint.objects.exists()

    def test_asks_for_the_challenge_again(self, administrator, video):
        endpoint, _pair = endpoint_for(video, URL, state=EndpointState.DISABLED, reason="gone")
        asked = administrator.post(f"webhooks/{endpoint.public_id}/challenge/")
        assert asked.json()["last_check"]["kind"] == "challenge"
        assert administrator.post(f"webhooks/{endpoint.public_id}/challenge/").json()["code"] == "already_asked"


class TestWho:
    @pytest.mark.parametrize("role", [Role.OFFICER, Role.REVIEWER])
    def test_nobody_but_administrators(self, api, unit, role):
        client, path = api(unit, role), f"webhooks/{endpoint_for(unit, URL)[0].public_id}/"
        for method, address in ((client.get, "webhooks/"), (client.get, path), (client.post, f"{path}rotate/")):
            assert method(address).status_code == 403
        assert client.post("webhooks/", {"url": "https://x.example/"}).status_code == 403

    def test_units_have_endpoints_too(self, api, unit):
        assert api(unit, Role.ADMINISTRATOR).post("webhooks/", {"url": URL}).status_code == 201

    def test_anothers_endpoint_is_not_there(self, administrator):
        other, _pair = endpoint_for(PlatformFactory(), URL)
        for path in (f"webhooks/{other.public_id}/", f"webhooks/{uuid.uuid4()}/"):
            assert administrator.get(path).status_code == 404
            for act in ("update", "rotate", "test", "challenge", "pause", "resume", "delete"):
                assert administrator.post(f"{path}{act}/").status_code == 404
        assert administrator.get("webhooks/").json()["results"] == []


class TestPublishedKeys:
    def test_are_open_to_everybody_and_name_no_organisation(self, client, video):
        endpoint, pair = endpoint_for(video, URL)
        services.rotate_keys(endpoint, by=principal_for(video, Role.ADMINISTRATOR), at=timezone.now())
        answer = client.get("/.well-known/webhook-keys")
        keys = answer.json()["keys"]
        assert answer.status_code == 200 and len(keys) == 2
        assert pair.public in [key["key"] for key in keys]
        assert {frozenset(key) for key in keys} == {frozenset({"id", "key", "created_at", "retires_at"})}
        assert "max-age" in answer["Cache-Control"]

    def test_leave_out_what_signs_no_more(self, client, video):
        endpoint_for(ReferralUnitFactory(), URL)
        Endpoint.objects.all().delete()
        assert client.get("/.well-known/webhook-keys").json() == {"keys": []}

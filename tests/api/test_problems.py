"""Every error has one shape, and says nothing about what is not yours."""

import pytest
from django.test import Client

from apps.accounts.roles import Role
from apps.referrals.transitions import State
from tests.api.conftest import filing
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory

PROBLEM = "application/problem+json"


def deep(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


class TestShape:
    @pytest.mark.parametrize(
        ("raw", "code"),
        [
            (b"{", "malformed_json"),
            (b"\xff\xfe", "malformed_json"),
            (b'{"a": NaN}', "malformed_json"),
            (b'{"a": ' + b"9" * 5000 + b"}", "malformed_json"),
            (b'{"a": 1, "a": 2}', "duplicate_key"),
            (b'{"items": [{"url": "x", "url": "y"}]}', "duplicate_key"),
            (deep(21), "too_deep"),
            (deep(200_000), "too_deep"),
        ],
        ids=["cut off", "not UTF-8", "NaN", "endless number", "key twice", "key twice inside", "21 levels", "a tower"],
    )
    def test_of_a_body_that_cannot_be_read(self, officer, raw, code):
        response = officer.post("cases/", raw=raw)
        assert (response.status_code, response.headers["Content-Type"]) == (400, PROBLEM)
        assert response.json()["code"] == code

    def test_of_a_body_at_the_limit_of_depth_is_not_about_depth(self, officer):
        assert officer.post("cases/", raw=deep(20)).json()["code"] == "unknown_field"

    def test_of_a_body_that_is_no_object(self, officer):
        response = officer.post("cases/", raw=b"[1]")
        assert (response.status_code, response.json()["code"]) == (422, "invalid")

    def test_of_a_body_that_is_too_large(self, officer, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
        response = officer.post("cases/", filing("https://video.example/" + "a" * 100))
        assert (response.status_code, response.json()["code"]) == (413, "too_large")

    @pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer rp_unknown"}, {"Authorization": "Basic eDp5"}])
    def test_of_a_request_without_a_usable_token(self, headers):
        response = Client(headers=headers).get("/api/v1/me/")
        assert (response.status_code, response.headers["Content-Type"]) == (401, PROBLEM)
        assert response.json()["code"] == "not_authenticated"
        assert response.headers["WWW-Authenticate"] == "Bearer"

    def test_of_a_method_that_is_not_there(self, officer):
        response = officer.client.delete("/api/v1/cases/")
        assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
        assert response.headers["Allow"] == "GET, HEAD, POST"

    def test_of_a_body_of_another_type(self, officer):
        response = officer.client.post("/api/v1/cases/", {"a": "b"}, headers={"Idempotency-Key": "k"})
        assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")

    def test_of_an_answer_wanted_in_another_type(self, officer):
        response = officer.get("me/", Accept="text/html")
        assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")

    def test_of_an_unknown_parameter(self, officer):
        response = officer.get("referrals/", {"stat": "sent"})
        assert (response.status_code, response.json()["code"]) == (400, "unknown_parameter")
        assert list(response.json()["errors"]) == ["stat"]

    @pytest.mark.parametrize(
        "path", ["nothing/", "cases", "cases/x y/", "referrals/R-1/fly/", "%00", "../", "../v2/me/"]
    )
    def test_of_an_address_that_is_not_there(self, officer, path):
        response = officer.get(path)
        assert (response.status_code, response.headers["Content-Type"]) == (404, PROBLEM)

    def test_of_a_failure_on_our_side_changes_nothing_and_tells_nothing(self, officer, video, monkeypatch):
        from apps.referrals.models import Case

        def fail(*_args, **_facts):
            Case.objects.update(title="changed")
            raise RuntimeError("secret")

        officer.post("cases/", filing("https://video.example/1", title="kept"))
        monkeypatch.setattr("apps.referrals.services.file", fail)
        officer.client.raise_request_exception = False
        response = officer.post("cases/", filing("https://video.example/2"))
        assert (response.status_code, response.headers["Content-Type"]) == (500, PROBLEM)
        assert b"secret" not in response.content
        assert Case.objects.get().title == "kept"

    def test_of_a_database_that_is_away_is_the_same(self, officer, monkeypatch):
        """It fails in the middleware, before there is a view."""

        def away(_digest):
            raise OSError("secret")

        monkeypatch.setattr("apps.accounts.middleware.token_principal", away)
        officer.client.raise_request_exception = False
        response = officer.get("me/")
        assert (response.status_code, response.headers["Content-Type"]) == (500, PROBLEM)
        assert b"secret" not in response.content

    def test_is_never_kept_by_a_cache(self, officer, nobody):
        assert officer.get("me/").headers["Cache-Control"] == "no-store"
        assert nobody.get("me/").headers["Cache-Control"] == "no-store"


class TestWhatIsNotYours:
    def test_looks_to_the_byte_like_what_is_not_there(self, api):
        mine, theirs = ReferralUnitFactory(), ReferralFactory.create(state=State.ACKNOWLEDGED)
        client = api(mine, Role.REVIEWER)
        for method, path in (
            (client.get, "referrals/{}/"),
            (client.post, "referrals/{}/approve/"),
            (client.post, "referrals/{}/withdraw/"),
            (client.get, "deliveries/?referral={}"),
        ):
            foreign, missing = method(path.format(theirs.reference)), method(path.format("R-0000-0000-0"))
            assert foreign.status_code == missing.status_code == 404
            assert foreign.content == missing.content
            assert foreign.headers.keys() == missing.headers.keys()

    def test_is_not_told_from_a_missing_one_in_a_list(self, api):
        theirs = ReferralFactory.create(state=State.IN_REVIEW)
        client = api(ReferralUnitFactory(), Role.REVIEWER)
        rows = client.post("referrals/approve/", {"references": [theirs.reference, "R-0000-0000-0"]}).json()["rows"]
        assert {(row["result"], row["code"], row["state"], row["detail"]) for row in rows} == {
            ("refused", "not_found", None, "There is no such referral.")
        }

    def test_hides_drafts_from_their_platform(self, api):
        platform = PlatformFactory()
        draft = ReferralFactory.create(recipient=platform, state=State.IN_REVIEW)
        client = api(platform, Role.CONTACT_POINT)
        assert client.get(f"referrals/{draft.reference}/").status_code == 404
        assert client.get("referrals/").json()["results"] == []
        assert client.get(f"items/?referral={draft.reference}").json()["results"] == []


class TestContention:
    def test_is_worth_another_try(self, officer, video, monkeypatch):
        from django.db import OperationalError
        from psycopg.errors import LockNotAvailable

        def wait(*_args, **_facts):
            raise OperationalError("lock timeout") from LockNotAvailable("lock timeout")

        monkeypatch.setattr("apps.referrals.services.file", wait)
        response = officer.post("cases/", filing("https://video.example/1"))
        assert (response.status_code, response.json()["code"]) == (503, "busy")
        assert response.headers["Retry-After"] == "1"

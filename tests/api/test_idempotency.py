import pytest

from apps.accounts.roles import Role
from apps.api.models import IdempotencyKey
from apps.referrals.models import Case
from tests.api.conftest import filing

BODY = filing("https://video.example/1")


class TestTheSameAgain:
    def test_gives_the_stored_answer_and_files_once(self, officer, video):
        first, second = officer.post("cases/", BODY, key="k"), officer.post("cases/", BODY, key="k")
        assert second.status_code == first.status_code == 201
        assert second.content == first.content
        assert second.headers["Idempotency-Replayed"] == "true"
        assert "Idempotency-Replayed" not in first.headers
        assert Case.objects.count() == 1

    def test_with_another_body_is_refused(self, officer, video):
        officer.post("cases/", BODY, key="k")
        response = officer.post("cases/", filing("https://video.example/2"), key="k")
        assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")

    def test_by_somebody_else_of_the_same_organisation_is_refused(self, officer, reviewer, video):
        officer.post("cases/", BODY, key="k")
        assert reviewer.post("cases/", BODY, key="k").json()["code"] == "idempotency_key_reused"

    def test_by_another_organisation_is_another_request(self, officer, api, video):
        from tests.factories import ReferralUnitFactory

        officer.post("cases/", BODY, key="k")
        assert api(ReferralUnitFactory(), Role.OFFICER).post("cases/", BODY, key="k").status_code == 201
        assert Case.objects.count() == 2

    def test_at_another_address_is_refused(self, officer, contact, video):
        officer.post("cases/", BODY, key="k")
        assert officer.post("cases/?dry_run=false", BODY, key="k").json()["code"] == "idempotency_key_reused"


class TestAKey:
    def test_is_needed_to_file_and_to_answer(self, officer, contact):
        for client, path in ((officer, "cases/"), (contact, "items/answer/")):
            response = client.post(path, {}, key="")
            assert (response.status_code, response.json()["code"]) == (400, "idempotency_key_missing")

    @pytest.mark.parametrize("key", ["k" * 201, "tab\there"])
    def test_has_a_form(self, officer, key):
        assert officer.post("cases/", BODY, key=key).json()["code"] == "idempotency_key_invalid"

    def test_is_free_again_after_a_refusal(self, officer, video):
        assert officer.post("cases/", filing(), key="k").status_code == 422
        assert not IdempotencyKey.objects.exists()
        assert officer.post("cases/", BODY, key="k").status_code == 201

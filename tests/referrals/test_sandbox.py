"""A sandbox: everything works in it, nothing leaves it, and what it has proven was seen and not said."""

import json
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.accounts.services import issue_token, sync_roles
from apps.delivery.models import Attempt, Delivery
from apps.organisations.access import platforms_for
from apps.organisations.models import Organisation
from apps.organisations.selectors import routes
from apps.referrals.models import Item, Referral
from apps.referrals.sandbox.playing import NotASandbox, UnknownScenario, open_sandbox, play
from apps.referrals.sandbox.proofs import proofs_of
from apps.referrals.sandbox.scenarios import SCENARIOS
from apps.referrals.transitions import State
from apps.statistics.models import Cell
from apps.statistics.services import compile_figures
from apps.tenancy.context import acting_as
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, principal_for, token_for
from tests.factories.people import member

NOW = timezone.now()


@pytest.fixture
def administrator():
    platform = PlatformFactory(slug="streamhub", name="Streamhub")
    return principal_for(platform, Role.ADMINISTRATOR, member(platform, Role.ADMINISTRATOR))


@pytest.fixture
def engineer(administrator):
    """The same person, acting for the sandbox."""
    with acting_as(administrator):
        platform = open_sandbox(by=administrator, at=NOW)
    return principal_for(platform, Role.ADMINISTRATOR, User.objects.get(pk=administrator.user_id))


def start(engineer, slug):
    with acting_as(engineer):
        return play(slug, by=engineer, at=timezone.now())


class TestOpening:
    def test_gives_one_person_every_right_in_it(self, engineer):
        assert {"view_referrals", "answer_referrals", "manage_members", "manage_webhooks"} <= engineer.permissions
        assert sync_roles() == 0

    def test_twice_is_once(self, administrator, engineer):
        with acting_as(administrator):
            again = open_sandbox(by=administrator, at=NOW)
        assert again.pk == engineer.organisation_id
        assert Organisation.objects.filter(sandbox_of=administrator.organisation_id).count() == 2


class TestScenarios:
    @pytest.mark.parametrize("slug", [slug for slug in SCENARIOS if slug != "reply"])
    def test_send_what_they_say(self, engineer, slug):
        (reference,) = start(engineer, slug)
        with acting_as(engineer):
            referral = Referral.objects.get(reference=reference)
            assert referral.item_count == SCENARIOS[slug].count
            assert referral.state == (State.WITHDRAWN if slug == "withdrawal" else State.SENT)

    def test_start_again_by_taking_back_what_was_open(self, engineer):
        (first,), (second,) = start(engineer, "urgent"), start(engineer, "urgent")
        states = dict(Referral.objects.values_list("reference", "state"))
        assert states == {first: State.WITHDRAWN, second: State.SENT}

    def test_are_for_sandboxes_alone(self, administrator, engineer):
        with pytest.raises(NotASandbox):
            start(administrator, "urgent")
        with pytest.raises(UnknownScenario):
            start(engineer, "nonsense")


class TestApart:
    def test_its_hosts_route_for_its_own_sender_alone(self, engineer):
        host = Organisation.objects.get(pk=engineer.organisation_id).domains.get().host
        sender = Organisation.objects.get(slug=f"{engineer.organisation.slug}-sender")
        assert routes([host], by=sender.pk)[host].platform_id == engineer.organisation_id
        assert routes([host], by=ReferralUnitFactory().pk) == {} == routes([host])
        assert routes(["streamhub.example"], by=sender.pk) == {}

    def test_the_database_itself_keeps_referrals_on_their_side(self, engineer):
        sandbox = Organisation.objects.get(pk=engineer.organisation_id)
        for parties in ({"recipient": sandbox}, {"sender": Organisation.objects.get(slug=f"{sandbox.slug}-sender")}):
            with pytest.raises(IntegrityError, match="border of a sandbox"), transaction.atomic():
                ReferralFactory(state=State.SENT, **parties)

    def test_no_sender_finds_it_in_the_directory(self, engineer):
        officer = principal_for(ReferralUnitFactory(), Role.OFFICER)
        assert not platforms_for(officer).filter(sandbox_of__isnull=False).exists()

    def test_counts_nowhere(self, engineer):
        start(engineer, "three-items")
        compile_figures(at=timezone.now())
        assert not Cell.objects.exists()


class TestProofs:
    @pytest.fixture
    def send(self, engineer):
        with acting_as(engineer):
            secret = issue_token(
                name="x", scopes=engineer.permissions, expires_at=NOW + timezone.timedelta(days=1), by=engineer, at=NOW
            )[1]
        client = Client(headers={"Authorization": f"Bearer {secret}"})

        def call(path, body=None, key=""):
            if body is None:
                return client.get(f"/api/v1/{path}")
            headers = {"Idempotency-Key": key or uuid.uuid4().hex}
            return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)

        return call

    def proven(self, engineer):
        with acting_as(engineer):
            return {proof.check.key for proof in proofs_of(engineer) if proof.at}

    def test_begin_empty_and_are_not_given_for_the_asking(self, engineer, send):
        assert self.proven(engineer) == set()
        assert send("sandbox/").status_code == 200
        assert self.proven(engineer) == set()

    def test_come_one_by_one_as_a_system_works(self, engineer, send):
        (three,) = send("sandbox/scenarios/", {"scenario": "three-items"}).json()["referrals"]
        items = [row["reference"] for row in send("items/").json()["results"]]
        assert self.proven(engineer) == {"worklist"}
        send(f"referrals/{three}/acknowledge/", {})
        assert "acknowledged" in self.proven(engineer)
        removed = {"item": items[0], "outcome": "REMOVED", "ground": "DECISION_GROUND_ILLEGAL_CONTENT",
                   "legal_ground": "Code, section 1", "explanation": "It calls for violence.",
                   "acted_at": NOW.isoformat(), "automated_detection": False,
                   "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED"}  # fmt: skip
        for _ in range(2):
            answered = send("items/answer/", {"answers": [removed]}, key="the same key")
            assert answered.json()["rows"][0]["result"] == "decided"
        send(
            "items/answer/", {"answers": [{"item": items[0], "outcome": "NO_ACTION", "refusal_reason": "NOT_ILLEGAL"}]}
        )
        assert {"answered", "replayed", "corrected", "statement"} <= self.proven(engineer)

        (asked,) = send("sandbox/scenarios/", {"scenario": "question"}).json()["referrals"]
        send(f"referrals/{asked}/request-information/", {"text": "Which of them?"})
        assert send("sandbox/scenarios/", {"scenario": "reply"}).json()["referrals"] == [asked]
        (withdrawn,) = send("sandbox/scenarios/", {"scenario": "withdrawal"}).json()["referrals"]
        assert send(f"referrals/{withdrawn}/acknowledge/", {}).status_code == 409
        assert send("referrals/R-0000-0000-0/").status_code == 404
        assert {"asked", "conflict", "not_found"} <= self.proven(engineer)

        send("sandbox/scenarios/", {"scenario": "five-hundred"})
        five = list(Item.objects.filter(state="open").order_by("-pk").values_list("reference", flat=True)[:500])
        answers = [{"item": item, "outcome": "NO_ACTION", "refusal_reason": "NOT_ILLEGAL"} for item in five]
        send("items/answer/", {"answers": answers})
        assert self.proven(engineer) >= {"answered_many"}

    def test_know_a_webhook_that_was_taken(self, engineer, send):
        (reference,) = send("sandbox/scenarios/", {"scenario": "urgent"}).json()["referrals"]
        delivery = (
            Delivery.objects.filter(about=reference, recipient_id=engineer.organisation_id).order_by("pk").first()
        )
        facts = {"sender_id": delivery.sender_id, "recipient_id": delivery.recipient_id, "delivery": delivery}
        for number, state in enumerate(("failed", "delivered"), start=1):
            assert "webhook" not in self.proven(engineer)
            Attempt.objects.create(
                **facts, number=number, channel="webhook", state=state, started_at=NOW, ended_at=NOW, detail=""
            )
        assert "webhook" in self.proven(engineer)

    def test_name_the_request(self, engineer, send):
        response = send("items/")
        send("sandbox/scenarios/", {"scenario": "urgent"})
        response = send("items/")
        proof = next(one for one in send("sandbox/").json()["proofs"] if one["key"] == "worklist")
        assert proof["request_id"] and proof["request_id"] in response.headers.values()

    def test_say_nothing_of_a_real_platform(self, administrator, send):
        client = Client()
        platform = Organisation.objects.get(pk=administrator.organisation_id)
        token = token_for(platform, Role.CONTACT_POINT)
        response = client.get("/api/v1/sandbox/", headers={"Authorization": f"Bearer {token}"})
        assert (response.status_code, response.json()["code"]) == (409, "not_a_sandbox")


class TestPages:
    def test_lead_from_the_platform_into_its_sandbox(self, client, administrator):
        client.force_login(User.objects.get(pk=administrator.user_id))
        assert "Open the sandbox" in client.get("/our-platform/sandbox/").content.decode()
        page = client.post("/our-platform/sandbox/open/", follow=True).content.decode()
        assert "Streamhub (sandbox)" in page and "Five hundred items" in page
        page = client.post("/our-platform/sandbox/play/", {"scenario": "three-items"}, follow=True).content.decode()
        assert "The made-up sender has acted: R-" in page

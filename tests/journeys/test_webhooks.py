"""A platform's system is told, fetches, answers; the unit's system is told. Then it breaks, and nothing is lost."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from standardwebhooks import Webhook
from werkzeug import Request, Response

from apps.accounts.roles import Role
from apps.deadlines.management.commands.sweep import sweep
from apps.delivery.models import Delivery, Endpoint
from apps.tenancy.context import AS_OWNER, acting_as
from tests.api.conftest import filing, refusal
from tests.factories import PlatformFactory, TrustedFlaggerFactory, member, token_for
from tests.factories.people import PASSWORD
from tests.journeys.people import Program, Visitor

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Receiver:
    """What an engineer builds from docs/webhooks.md: it answers challenges, and believes what is signed."""

    secret: str = ""
    status: int = 200
    got: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        said = json.loads(request.data)
        if said["type"] == "endpoint.challenge":
            return Response(json.dumps({"challenge": said["data"]["challenge"]}))
        if self.status == 200:
            headers = {name.lower(): value for name, value in request.headers.items()}
            self.got.append(Webhook(self.secret).verify(request.data, headers))
        return Response("", self.status)


@pytest.fixture
def world():
    with acting_as(AS_OWNER):
        flagger, platform = TrustedFlaggerFactory(slug="flagger"), PlatformFactory(slug="video")
        administrator = member(platform, Role.ADMINISTRATOR, name="Ada", password=make_password(PASSWORD))
        contact = member(platform, Role.CONTACT_POINT, name="Bo", password=make_password(PASSWORD))
        return {
            "administrator": administrator,
            "contact": contact,
            "sender": Program(token_for(flagger, Role.OFFICER)),
            "sender_admin": Program(token_for(flagger, Role.ADMINISTRATOR)),
            "platform": Program(token_for(platform, Role.CONTACT_POINT)),
        }


@pytest.fixture
def receivers(httpserver):
    theirs, ours = Receiver(), Receiver()
    httpserver.expect_request("/platform").respond_with_handler(theirs)
    httpserver.expect_request("/flagger").respond_with_handler(ours)
    return theirs, ours


def send_one(sender: Program, number: int) -> str:
    body = filing(f"https://video.example/{number}", instrument="notice", good_faith=True, submit=True)
    referral = sender.post("cases/", body)["referrals"][0]["reference"]
    sweep()
    return str(referral)


def test_a_platforms_system_is_told_and_the_senders_in_turn(world, receivers, httpserver):
    theirs, ours = receivers
    ada = Visitor(world["administrator"])
    page = ada.send("/webhooks/new/", url=httpserver.url_for("/platform"), description="Case system")
    theirs.secret = page.partition('<code translate="no" dir="ltr">')[2].partition("<")[0]
    made = world["sender_admin"].post("webhooks/", {"url": httpserver.url_for("/flagger")})
    ours.secret = made["secret"]
    sweep()
    assert "In service" in ada.open("/webhooks/")

    reference = send_one(world["sender"], 1)
    assert [(one["type"], one["data"]["reference"]) for one in theirs.got] == [("referral.sent", reference)]
    item = world["platform"].get("items/", referral=reference)["results"][0]["reference"]
    world["platform"].post("items/answer/", {"answers": [refusal(item)]})
    sweep()
    assert [(one["type"], one["data"]["reference"]) for one in ours.got] == [("referral.answered", reference)]

    for side in ("sender", "platform"):
        rows = world[side].get("deliveries/", referral=reference, channel="webhook")["results"]
        assert {row["state"] for row in rows} <= {"delivered", "read"} and len(rows) == 2


def test_a_system_that_breaks_loses_nothing(world, receivers, httpserver):
    theirs, _ours = receivers
    ada, bo = Visitor(world["administrator"]), Visitor(world["contact"])
    page = ada.send("/webhooks/new/", url=httpserver.url_for("/platform"))
    theirs.secret = page.partition('<code translate="no" dir="ltr">')[2].partition("<")[0]
    sweep()

    theirs.status = 410
    reference = send_one(world["sender"], 2)
    assert "is out of service." in ada.open("/webhooks/")
    (row,) = world["platform"].get("deliveries/", referral=reference, message="referral_sent")["results"][:1]
    assert row["channel"] != "webhook", "the next channel has it"

    with acting_as(AS_OWNER):  # and that one fails as well
        Delivery.objects.filter(about=reference).exclude(channel="portal").update(state="dead", next_at=timezone.now())
        endpoint = Endpoint.objects.get().public_id
    theirs.status = 200
    ada.send(f"/webhooks/{endpoint}/challenge/")
    sweep()
    assert "Given up" in bo.open("/deliveries/")
    assert "1 message goes out again." in bo.send("/deliveries/replay/", everything="1")
    sweep()
    assert [one["data"]["reference"] for one in theirs.got] == [reference]

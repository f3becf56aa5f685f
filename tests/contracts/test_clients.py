"""The clients that are there to be copied do what they say: run as they are, against a live server, in a sandbox."""

import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from werkzeug import Response

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.accounts.services import issue_token
from apps.referrals.models import Item
from apps.referrals.sandbox.playing import open_sandbox
from apps.referrals.sandbox.proofs import proofs_of
from apps.tenancy.context import AS_OWNER, acting_as
from tests.factories import PlatformFactory, member, principal_for

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = Path(__file__).resolve().parents[2] / "docs" / "clients"
COMMANDS = {
    "python": [sys.executable, str(CLIENTS / "portal_client.py")],
    "curl": ["sh", str(CLIENTS / "client.sh")],
}


@pytest.fixture
def engineer():
    now = timezone.now()
    with acting_as(AS_OWNER):
        platform = PlatformFactory(name="Streamhub")
        person = member(platform, Role.ADMINISTRATOR)
        administrator = principal_for(platform, Role.ADMINISTRATOR, person)
    with acting_as(administrator):
        sandbox = open_sandbox(by=administrator, at=now)
    with acting_as(AS_OWNER):
        return principal_for(sandbox, Role.ADMINISTRATOR, User.objects.get(pk=person.pk))


NEEDS_CURL = pytest.mark.skipif(shutil.which("curl") is None, reason="this machine has no curl")
CLIENTS_THERE = [pytest.param(name, marks=NEEDS_CURL if name == "curl" else ()) for name in COMMANDS]


@pytest.fixture(params=CLIENTS_THERE)
def run(request, engineer, live_server):
    now = timezone.now()
    with acting_as(engineer):
        expires = now + timedelta(days=1)
        secret = issue_token(name="x", scopes=engineer.permissions, expires_at=expires, by=engineer, at=now)[1]
    environment = {**os.environ, "PORTAL_URL": live_server.url, "PORTAL_TOKEN": secret}

    def call(*arguments, fails=False):
        done = started(COMMANDS[request.param], *arguments, environment=environment)
        assert (done.returncode != 0) is fails, done.stderr + done.stdout
        return done.stdout

    return call


def started(command, *arguments, environment):
    options = {"env": environment, "capture_output": True, "text": True, "timeout": 120}
    return subprocess.run([*command, *arguments], check=False, **options)


def items_of(printed: str) -> list[str]:
    """The references in what `list` prints: one document, or one for each page."""
    decoder, place, found = json.JSONDecoder(), 0, []
    while place < len(printed.rstrip()):
        document, end = decoder.raw_decode(printed, place)
        rows = document["results"] if isinstance(document, dict) else document
        found += [row["reference"] for row in rows]
        place = end + len(printed[end:]) - len(printed[end:].lstrip())
    return found


def test_goes_through_the_sandbox_and_proves_it(run, engineer, tmp_path):
    referral = json.loads(run("play", "five-hundred"))
    referral = referral["referrals"][0] if isinstance(referral, dict) else referral[0]
    run("acknowledge", referral)
    listed = items_of(run("list"))
    assert len(set(listed)) == len(listed) == 500

    answers = [{"item": item, "outcome": "NO_ACTION", "refusal_reason": "NOT_ILLEGAL"} for item in listed]
    file = tmp_path / "answers.json"
    file.write_text(json.dumps({"answers": answers}))
    assert run("answer", str(file)).count("decided") == 500
    with acting_as(AS_OWNER):
        assert not Item.objects.filter(state="open").exists()
    assert items_of(run("list")) == []

    run("acknowledge", referral, fails=True)
    with acting_as(engineer):
        proven = {proof.check.key for proof in proofs_of(engineer) if proof.at}
    assert proven >= {"acknowledged", "worklist", "answered_many", "conflict"}
    assert run("proofs").count('"at"') >= 10


@pytest.mark.parametrize("name", CLIENTS_THERE)
def test_tries_again_with_the_same_key(name, httpserver, tmp_path):
    keys = []

    def answer(request):
        keys.append(request.headers["Idempotency-Key"])
        busy = Response("{}", status=503, headers={"Retry-After": "1"})
        return busy if len(keys) == 1 else Response(json.dumps({"rows": [], "next": None}))

    httpserver.expect_request("/api/v1/items/answer/", method="POST").respond_with_handler(answer)
    file = tmp_path / "answers.json"
    file.write_text(json.dumps({"answers": [{"item": "I-1", "outcome": "REMOVED"}]}))
    environment = {**os.environ, "PORTAL_URL": httpserver.url_for("/"), "PORTAL_TOKEN": "rp_x"}
    done = started(COMMANDS[name], "answer", str(file), environment=environment)
    assert done.returncode == 0, done.stderr
    assert len(keys) == 2 and len(set(keys)) == 1


def test_explains_itself(run):
    assert "acknowledge" in run(fails=True)


def test_is_short_enough_to_be_read_before_it_is_trusted():
    assert all(path.read_text().count("\n") <= 150 for path in CLIENTS.iterdir() if path.is_file())

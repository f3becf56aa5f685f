"""Webhooks through one worker, beside a bare loop that posts bodies of the same size to the same receiver."""

import os
import statistics
import subprocess
import sys
import time
from typing import Any

import httpx
import psycopg

from tests.bench import databases
from tests.bench.servers import ROOT
from tests.faults.receiver import Receiver

MESSAGES, ROUNDS = 1000, 3
WRITE = """
INSERT INTO delivery_delivery
  (sender_id, recipient_id, disclosed, key, channel, message, about, facts, urgent, next_at, created_at)
SELECT sender.id, recipient.id, true, %(round)s || ':' || n, 'push', 'referral_sent', 'R-' || %(round)s || '-' || n,
       '{"instrument": "referral", "items": 10, "urgency": "day"}', false, now(), now()
  FROM generate_series(1, %(count)s) AS n,
       (SELECT id FROM organisations_organisation WHERE slug LIKE 'bench-%%' AND kind = 'referral_unit' LIMIT 1) sender,
       (SELECT id FROM organisations_organisation WHERE slug LIKE 'bench-%%-platform-0') recipient
"""
# The worker's own task in a process of its own, as `portal_worker`; it says how long the task took.
WORKER = """
import sys, time
import django
django.setup()
from apps.delivery.tasks import deliver_pending
for line in sys.stdin:
    start = time.perf_counter()
    left = deliver_pending()
    print(left, time.perf_counter() - start, flush=True)
"""
ENDPOINT = """
import sys
import django
django.setup()
from apps.accounts.models import User
from apps.organisations.models import Organisation
from apps.tenancy.context import AS_OWNER, acting_as
from tests.factories.endpoints import endpoint_for
with acting_as(AS_OWNER):
    platform, somebody = Organisation.objects.get(slug=sys.argv[1]), User.objects.order_by("pk").first()
    endpoint_for(platform, sys.argv[2], created_by=somebody)
"""


def measure(keys: dict[str, Any], url: str, items: int) -> dict[str, Any]:
    """`url` leads to the portal's database as its owner."""
    settings = {"DJANGO_SETTINGS_MODULE": "referral_portal.settings", "OUTGOING_MAY_REACH_LOOPBACK": "true"}
    login = {"DATABASE_URL": databases.url(f"bench_{items}", "WORKER_DATABASE_URL"), "TENANCY_ROLE": "portal_worker"}
    environment = {**os.environ, **keys["environment"], **settings, **login}
    with Receiver(errors=0, lost=0, seed=1) as receiver:
        address = f"http://127.0.0.1:{receiver.port}/hook"
        owner = {**environment, "PORTAL_AS_OWNER": "1", "ENVIRONMENT": "test", "DATABASE_OWNER_URL": url}
        arguments = [sys.executable, "-c", ENDPOINT, f"bench-{items}-platform-0", address]
        subprocess.run(arguments, cwd=ROOT, env=owner, check=True)
        ours, floor = _rounds(environment, url, address)
    return {
        "ours_per_second": round(MESSAGES / statistics.median(ours)),
        "floor_per_second": round(MESSAGES / statistics.median(floor)),
        "ours_to_floor": round(statistics.median(f / o for o, f in zip(ours, floor, strict=True)), 3),
    }


def _rounds(environment: dict[str, str], url: str, address: str) -> tuple[list[float], list[float]]:
    ours, floor = [], []
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER], cwd=ROOT, env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=None,
    )  # fmt: skip
    assert worker.stdin and worker.stdout
    try:
        for number in range(ROUNDS + 1):
            with psycopg.connect(url) as database:
                database.execute(WRITE, {"round": f"B{number}", "count": MESSAGES})
            worker.stdin.write("go\n")
            worker.stdin.flush()
            left, seconds = worker.stdout.readline().split()
            assert int(left) == MESSAGES, f"{left} of {MESSAGES} left"
            bare = _bare(address)
            if number:  # the first round is for connections and caches
                ours.append(float(seconds))
                floor.append(bare)
    finally:
        worker.stdin.close()
        worker.wait(20)
    return ours, floor


def _bare(address: str) -> float:
    body = b'{"type": "referral.sent", "data": {"reference": "R-BENCH-0001", "instrument": "referral", "items": 10}}'
    with httpx.Client() as client:
        start = time.perf_counter()
        for number in range(MESSAGES):
            client.post(address, content=body, headers={"webhook-id": f"{start}-{number}"}).raise_for_status()
        return time.perf_counter() - start

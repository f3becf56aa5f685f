"""A sweep with 10,000 clocks due, among 10,000 and among 1,000,000 that run: it costs what is due, not what is open."""

import json
import os
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import Any

import psycopg

from tests.bench import databases
from tests.bench.servers import ROOT

DUE, SMALL, LARGE, ROUNDS = 10_000, 10_000, 1_000_000, 7
AT = datetime(2026, 3, 4, 10, tzinfo=UTC)
SCENE = """
import os
os.environ.update(ENVIRONMENT="test", PORTAL_AS_OWNER="1", DJANGO_SETTINGS_MODULE="referral_portal.settings")
import django
from django.core.management import call_command
django.setup()
call_command("migrate", verbosity=0)
from apps.tenancy.context import AS_OWNER, acting_as
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory
with acting_as(AS_OWNER):
    unit, platforms = ReferralUnitFactory(time_zone="UTC"), PlatformFactory.create_batch(100, time_zone="UTC")
    ReferralFactory(sender=unit, recipient=platforms[0], state="received")
"""
# Every clock is a day long; those that are due lie evenly among the others. No trigger fires: the rows are right.
FILL = """
CREATE TEMP TABLE platform AS
  SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM organisations_organisation WHERE kind = 'platform';
CREATE TEMP TABLE template AS SELECT * FROM referrals_referral;
CREATE TEMP TABLE one_clock AS SELECT * FROM referrals_obligation;
UPDATE one_clock SET chase_at = NULL, escalate_at = NULL;
INSERT INTO referrals_referral SELECT copy.* FROM template, generate_series(1, %(open)s) AS n
  JOIN platform ON platform.place = n %% 100, LATERAL jsonb_populate_record(template, jsonb_build_object(
    'id', 1000 + n, 'reference', 'R-BENCH-' || n, 'recipient_id', platform.id)) AS copy;
INSERT INTO referrals_obligation SELECT copy.* FROM one_clock, generate_series(1, %(open)s) AS n
  JOIN platform ON platform.place = n %% 100, LATERAL jsonb_populate_record(one_clock, jsonb_build_object(
    'id', 1000 + n, 'referral_id', 1000 + n, 'recipient_id', platform.id,
    'started_at', %(at)s::timestamptz - interval '1 day', 'due_at', %(at)s::timestamptz,
    'chase_at', %(at)s::timestamptz + n * interval '1 second',
    'escalate_at', %(at)s::timestamptz + n * interval '1 second')) AS copy;
"""
ARM = """
UPDATE referrals_obligation SET chase_at = %(at)s - interval '1 hour', round = round + 1
 WHERE id > 1000 AND (id - 1000) %% %(every)s = 0
"""
# The sweep in a process of its own, as the worker's role; it says how much it took and how long it needed.
SWEEPER = """
import sys, time
from datetime import datetime
import django
django.setup()
from apps.deadlines import services
for line in sys.stdin:
    start = time.perf_counter()
    taken = services.chase(at=datetime.fromisoformat(line.strip()))
    print(taken, time.perf_counter() - start, flush=True)
"""


class Sweeper:
    """One database, and a process that sweeps it."""

    def __init__(self, count: int):
        self.name, self.every = f"bench_clocks_{count}", count // DUE
        begun = time.perf_counter()
        owner = {**os.environ, "DATABASE_OWNER_URL": databases.fresh(self.name)}
        subprocess.run([sys.executable, "-c", SCENE], cwd=ROOT, env=owner, check=True, capture_output=True)
        self._run("SET session_replication_role = replica", FILL, facts={"open": count, "at": AT})
        self._run("VACUUM (FREEZE, ANALYZE)")
        self.built_seconds = time.perf_counter() - begun
        environment = {
            **os.environ,
            "ENVIRONMENT": "demo",
            "PORTAL_AS_OWNER": "0",
            "DJANGO_SETTINGS_MODULE": "referral_portal.settings",
            "DATABASE_URL": databases.url(self.name, "WORKER_DATABASE_URL"),
            "TENANCY_ROLE": "portal_worker",
            "REDIS_URL": "redis://127.0.0.1:1/0",  # nobody is hurried
            "LOG_LEVEL": "ERROR",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-c", SWEEPER], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def sweep(self) -> float:
        """Seconds for a sweep that takes two rungs of each of the clocks that are due."""
        self._run(ARM, facts={"at": AT, "every": self.every})
        self._run("VACUUM (ANALYZE) referrals_obligation")
        self._run("CHECKPOINT")
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{AT.isoformat()}\n")
        self._process.stdin.flush()
        taken, seconds = self._process.stdout.readline().split()
        assert int(taken) == 2 * DUE, f"{taken} rungs instead of {2 * DUE}"
        return float(seconds)

    def end(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(20)

    def _run(self, *statements: str, facts: dict[str, Any] | None = None) -> None:
        with psycopg.connect(os.environ["DATABASE_SUPERUSER_URL"], dbname=self.name, autocommit=True) as database:
            for statement in statements:
                psycopg.ClientCursor(database).execute(statement, facts)


def measure() -> dict[str, Any]:
    small, large = Sweeper(SMALL), Sweeper(LARGE)
    try:
        rounds = [(small.sweep(), large.sweep()) for _round in range(ROUNDS + 1)][1:]  # the first is for caches
    finally:
        for sweeper in (small, large):
            sweeper.end()
    return {
        f"among {SMALL} seconds": round(statistics.median(one for one, _other in rounds), 3),
        f"among {LARGE} seconds": round(statistics.median(other for _one, other in rounds), 3),
        "large_to_small": round(statistics.median(other / one for one, other in rounds), 3),
        "building_seconds": round(small.built_seconds + large.built_seconds, 1),
    }


if __name__ == "__main__":
    databases.bootstrap()
    json.dump(measure(), sys.stdout, indent=2)
    sys.stdout.write("\n")

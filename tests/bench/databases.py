"""Databases of their own for every run, on the durable cluster that `make bench` has started."""

import json
import os
import subprocess
import sys
from typing import Any

import psycopg
from psycopg import sql

from tests.bench.servers import ROOT


def url(name: str, variable: str = "DATABASE_OWNER_URL") -> str:
    return os.environ[variable].rpartition("/")[0] + f"/{name}"


def bootstrap() -> None:
    """The roles, on a cluster that has never seen the portal."""
    environment = {"ENVIRONMENT": "test", "DJANGO_SETTINGS_MODULE": "referral_portal.settings"}
    command = [sys.executable, "manage.py", "db_bootstrap"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True, capture_output=True)


def fresh(name: str) -> str:
    """An empty database of that name; its address for the owner."""
    with psycopg.connect(os.environ["DATABASE_SUPERUSER_URL"], dbname="postgres", autocommit=True) as cluster:
        cluster.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        cluster.execute(sql.SQL("CREATE DATABASE {} OWNER portal_owner").format(sql.Identifier(name)))
    return url(name)


def built(items: int) -> dict[str, Any]:
    """A portal with so many items, and the environment that serves it."""
    name = f"bench_{items}"
    environment = {"DATABASE_OWNER_URL": fresh(name)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.build", str(items)],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    keys: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    keys["environment"] = {
        "ENVIRONMENT": "demo",
        "PORTAL_AS_OWNER": "0",
        "DATABASE_URL": url(name, "DATABASE_URL"),
        "STATIC_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
        "LOG_LEVEL": "ERROR",
    }
    return keys


def floor(token_digest: bytes, host: str) -> dict[str, str]:
    """The floor's database, with one token and one platform; the environment that serves it."""
    environment = {"FLOOR_DATABASE_URL": fresh("bench_floor"), "DJANGO_SETTINGS_MODULE": "tests.bench.floor.settings"}
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--run-syncdb", "-v", "0"],
        cwd=ROOT, env={**os.environ, **environment}, check=True, capture_output=True,
    )  # fmt: skip
    with psycopg.connect(environment["FLOOR_DATABASE_URL"], autocommit=True) as database:
        database.execute("INSERT INTO floor_token (digest, organisation_id) VALUES (%s, 1)", [token_digest])
        database.execute("INSERT INTO floor_platform (host, name) VALUES (%s, 'Bench')", [host])
    return environment

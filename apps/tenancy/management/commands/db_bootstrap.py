import os
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

# Each role, how it may log in, and the variable whose address carries its password.
ROLES = (
    ("portal_owner", sql.SQL("LOGIN CREATEDB BYPASSRLS"), "DATABASE_OWNER_URL"),  # migrations: policies would hide data
    ("portal_web", sql.SQL("LOGIN NOINHERIT NOBYPASSRLS"), "DATABASE_URL"),
    ("portal_worker", sql.SQL("LOGIN NOINHERIT NOBYPASSRLS"), "WORKER_DATABASE_URL"),
    ("portal_sys", sql.SQL("NOLOGIN NOBYPASSRLS"), ""),
)


class Command(BaseCommand):
    help = "Create the database's roles and the database itself. Idempotent; run once per cluster by its administrator."

    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        url = os.environ.get("DATABASE_SUPERUSER_URL")
        if not url:
            raise CommandError("Set DATABASE_SUPERUSER_URL to an administrator's address of the cluster.")
        name = str(conninfo_to_dict(os.environ.get("DATABASE_OWNER_URL", "")).get("dbname") or "portal")
        with psycopg.connect(url, dbname="postgres", autocommit=True) as cluster:
            cluster.execute("SELECT pg_advisory_lock(hashtext('tenancy.db_bootstrap'))")
            for role, attributes, variable in ROLES:
                make_role(cluster, role, attributes, password=password_in(variable))
            cluster.execute("GRANT portal_sys TO portal_worker")
            cluster.execute("GRANT portal_sys, portal_web, portal_worker TO portal_owner")
            if not cluster.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                cluster.execute(sql.SQL("CREATE DATABASE {} OWNER portal_owner").format(sql.Identifier(name)))
        self.stdout.write(f"The roles and the database {name} are in place.")


def password_in(variable: str) -> str:
    """The password of a role's own address; without one it logs in by what the cluster trusts (peer, certificate)."""
    return str(conninfo_to_dict(os.environ.get(variable, "")).get("password") or "")


def make_role(cluster: psycopg.Connection[Any], role: str, attributes: sql.SQL, *, password: str) -> None:
    known = cluster.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = sql.SQL("ALTER ROLE {} {}") if known else sql.SQL("CREATE ROLE {} {}")
    cluster.execute(verb.format(sql.Identifier(role), attributes))
    if password:
        cluster.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password)))

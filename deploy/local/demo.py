"""`make demo`: the whole portal on this machine, with fictional data, until Ctrl-C."""

import json
import os
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping

from honcho.manager import Manager
from rich.console import Console
from rich.table import Table

from deploy.local.assets import make_assets
from deploy.local.paths import LOCAL, ROOT, VENV_BIN
from deploy.local.ports import HOST, ServiceFailed, answers, free_port, wait_until
from deploy.local.processes import PYTHON, end_in_order, manage
from deploy.local.services import running

ACCOUNTS = LOCAL / "demo.json"
PREPARE = (
    "db_bootstrap",
    "migrate --no-input --verbosity 0",
    "createcachetable --verbosity 0",
    "sync_roles",
    "seed_demo",
)
QUEUES = "urgent,default,bulk,statistics"
MAIL_DOMAIN = "mail.relay.example"  # where replies go: whoever tries one hands it to the listener


def main() -> None:
    end_in_order()
    port = int(os.environ.get("PORT") or 8000)
    if answers(port):
        sys.exit(f"Port {port} is in use. Choose another one: make demo PORT={port + 1}")
    try:
        with running("demo") as services:
            environment = demo_environment(services.environment(), port=port)
            manage(*PREPARE, environment={**environment, "PORTAL_AS_OWNER": "1"})
            make_assets(environment)
            serve(environment, port=port)
    except ServiceFailed as failure:
        sys.exit(str(failure))
    except KeyboardInterrupt:
        print("Stopped.")


def demo_environment(services: Mapping[str, str], *, port: int) -> dict[str, str]:
    mail = LOCAL / "mail"
    mail.mkdir(parents=True, exist_ok=True)
    return {
        **services,
        "ENVIRONMENT": "demo",
        "SITE_URL": f"http://{HOST}:{port}",
        "MAIL_DIR": str(mail),
        "INBOUND_MAIL_DOMAIN": MAIL_DOMAIN,
        "PYTHONUNBUFFERED": "1",
    }


def serve(environment: Mapping[str, str], *, port: int) -> None:
    """Run the five kinds of process a production installation has; when one ends, all end."""
    address, mail_port = environment["SITE_URL"], free_port(preferred=port + 25)
    worker = {**environment, "DATABASE_URL": environment["WORKER_DATABASE_URL"], "TENANCY_ROLE": "portal_worker"}
    web = f"granian --interface wsgi --workers 2 --blocking-threads 2 --backpressure 64 --host {HOST} --port {port}"
    celery = f"{PYTHON} -W ignore -m celery --quiet -A referral_portal"  # it warns of root, which containers are
    manager = Manager()
    for name, command, variables in (
        ("web", f"{VENV_BIN / web} --no-ws --log-level warning referral_portal.wsgi:application", environment),
        ("worker", f"{celery} worker -Q {QUEUES} --concurrency 2 --loglevel WARNING", worker),
        ("beat", f"{celery} beat --loglevel WARNING --pidfile=", worker),
        ("sweeper", f"{PYTHON} manage.py sweep --loop", worker),
        ("mail", f"{PYTHON} manage.py listen_mail --port {mail_port}", worker),
    ):
        manager.add_process(name, command, env={**os.environ, **variables}, cwd=str(ROOT))
    threading.Thread(target=announce, args=[address, mail_port], daemon=True).start()
    manager.loop()
    if manager.returncode not in (0, -2, 130):
        sys.exit(manager.returncode)


def announce(address: str, mail_port: int) -> None:
    """Once the first page is served, show where, and who may sign in."""
    wait_until(lambda: _serves(address), seconds=120, every=0.5, failure="The web server does not answer.")
    demo = json.loads(ACCOUNTS.read_text()) if ACCOUNTS.is_file() else {}
    if demo.get("base_url") not in (None, address):
        ACCOUNTS.write_text(json.dumps({**demo, "base_url": address}, indent=2))
    accounts = demo.get("accounts", [])
    console = Console(width=100)
    console.print(_table(f"The portal is at {address} (Ctrl-C stops it)", accounts))
    if accounts:
        console.print(f"Password of each: [bold]{accounts[0]['password']}[/bold]")
    console.print(f"All {len(accounts)} accounts and the API tokens: {ACCOUNTS.relative_to(ROOT)}. Mail: .local/mail/.")
    console.print(f"Replies to it, for addresses at {MAIL_DOMAIN}, by SMTP: {HOST}:{mail_port}.")


def _table(title: str, accounts: list[dict[str, str]]) -> Table:
    """One account for each role in each kind of house: the first of every organisation, and of every role."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for heading in ("e-mail address", "organisation", "role"):
        table.add_column(heading, no_wrap=True)
    shown: set[str] = set()
    for account in accounts:
        if account["role"] not in shown or (account["role"] == "officer" and account["email"].startswith("flagger")):
            shown.add(account["role"])
            table.add_row(account["email"], account["organisation"], account["role"])
    return table


def _serves(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=30) as response:  # noqa: S310 -- our own loopback address
            return bool(response.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


if __name__ == "__main__":
    main()

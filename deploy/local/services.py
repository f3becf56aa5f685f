"""Embedded PostgreSQL and Valkey under `.local/<name>/`: the servers behind `make demo`, `make test` and development.

`python -m deploy.local.services up|env|down [name]` keeps one pair running in the background; `running()` is the same
for the length of a `with` block. `env` prints lines for `eval`.
"""

import argparse
import json
import secrets
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from deploy.local.paths import LOCAL
from deploy.local.postgres import Postgres
from deploy.local.valkey import Valkey

DATABASE = "portal"


def _password() -> str:
    return secrets.token_hex(16)


@dataclass(kw_only=True)
class State:
    """What must be the same at the next start; the secrets of one pair of servers."""

    superuser: str = field(default_factory=_password)
    owner: str = field(default_factory=_password)
    web: str = field(default_factory=_password)
    worker: str = field(default_factory=_password)
    valkey: str = field(default_factory=_password)
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    tenancy_key: str = field(default_factory=lambda: secrets.token_hex(32))
    postgres_port: int | None = None
    valkey_port: int | None = None

    @classmethod
    def load(cls, path: Path) -> "State":
        return cls(**json.loads(path.read_text())) if path.exists() else cls()

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(self), indent=2))


class Services:
    """One PostgreSQL and one Valkey with their passwords, kept in one directory."""

    def __init__(self, *, home: Path, durable: bool) -> None:
        self._home, self._path = home, home / "state.json"
        self._state = state = State.load(self._path)
        self.postgres = Postgres(
            home=home, password=state.superuser, durable=durable, preferred_port=state.postgres_port
        )
        self.valkey = Valkey(home=home, password=state.valkey, preferred_port=state.valkey_port)

    @property
    def is_running(self) -> bool:
        return self.postgres.port is not None and self.valkey.port is not None

    def start(self) -> None:
        """Start both, or leave them running; the ports stay the same where they are free."""
        if not self._path.exists():
            self.postgres.discard()  # what an earlier checkout left behind in the shelter; nobody has its password
            self._state.save(self._path)
        self.postgres.start()
        self.valkey.start()
        self._state.postgres_port, self._state.valkey_port = self.postgres.port, self.valkey.port
        self._state.save(self._path)

    def stop(self) -> None:
        self.valkey.stop()
        self.postgres.stop()

    def discard(self) -> None:
        """Stop both and remove everything they hold, secrets included."""
        self.valkey.stop()
        self.postgres.discard()
        shutil.rmtree(self._home)

    def environment(self) -> dict[str, str]:
        """The environment variables that the settings and `manage.py db_bootstrap` read, for these servers."""
        state = self._state
        passwords = {"portal_owner": state.owner, "portal_web": state.web, "portal_worker": state.worker}
        urls = {
            user: self.postgres.url(user=user, password=word, database=DATABASE) for user, word in passwords.items()
        }
        return {
            "DATABASE_URL": urls["portal_web"],
            "WORKER_DATABASE_URL": urls["portal_worker"],
            "DATABASE_OWNER_URL": urls["portal_owner"],
            "DATABASE_SUPERUSER_URL": self.postgres.superuser_url(),
            "DATABASE_NAME": DATABASE,
            **{f"{user.upper()}_PASSWORD": word for user, word in passwords.items()},
            "REDIS_URL": self.valkey.url(),
            "SECRET_KEY": state.secret_key,
            "TENANCY_KEY": state.tenancy_key,
        }


def services(name: str, *, durable: bool = True) -> Services:
    """The pair of servers of that name; nothing is started."""
    return Services(home=LOCAL / name, durable=durable)


@contextmanager
def running(name: str, *, durable: bool = True) -> Iterator[Services]:
    """The pair of servers of that name, started, and stopped at the end by whoever started them."""
    pair = services(name, durable=durable)
    found_running = pair.is_running
    try:
        pair.start()
        yield pair
    finally:
        if not found_running:
            pair.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("verb", choices=["up", "env", "down"])
    parser.add_argument("name", nargs="?", default="dev")
    arguments = parser.parse_args()
    pair = services(arguments.name, durable=False)
    if arguments.verb == "down":
        pair.stop()
        return
    pair.start()
    for name, value in pair.environment().items():
        print(f"export {name}={shlex.quote(value)}")


if __name__ == "__main__":
    main()

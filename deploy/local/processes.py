import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from types import FrameType

from deploy.local.paths import ROOT, VENV_BIN

PYTHON = str(VENV_BIN / "python")


def run(command: list[str], environment: Mapping[str, str]) -> int:
    """Run a program of the virtual environment in the checkout, with these variables added; its exit code."""
    path = f"{VENV_BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    variables = {**os.environ, "PATH": path, **environment}
    return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode


def manage(*lines: str, environment: Mapping[str, str]) -> None:
    """Run management commands in one process; ends this one if they fail."""
    failed = run([PYTHON, "-m", "deploy.local.commands", *lines], environment)
    if failed:
        sys.exit(failed)


def end_in_order() -> None:
    """Let SIGTERM or a closed terminal end this program as Ctrl-C does: what was started is stopped."""

    def leave(number: int, _: FrameType | None) -> None:
        sys.exit(128 + number)

    def pass_on(_: int, __: FrameType | None) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, pass_on)

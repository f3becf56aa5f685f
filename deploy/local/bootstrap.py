"""Sets up a fresh checkout: virtual environment, locked packages, browser assets, all inside the checkout.

Runs on the machine's own Python with nothing installed, so it imports the standard library only. Each step is skipped
while what it was made from stays the same. `demo` is what running needs, `test` adds what tests and gates need.
"""

import os
import subprocess
import sys
import time
import venv
from pathlib import Path

from deploy.local.machine import has_node, installer_environment, npm
from deploy.local.paths import LOCAL, NODE_MODULES, REQUIREMENTS, ROOT, VENV, VENV_BIN
from deploy.local.stamps import Stamp, fingerprint

OLDEST, NEWEST = (3, 11), (3, 13)
PYTHON = str(VENV_BIN / "python")
LOCKS = {"demo": "local.txt", "test": "dev.txt"}


def main(purpose: str) -> None:
    try:
        set_up(purpose)
    except subprocess.CalledProcessError as failure:
        sys.exit(f"Set-up failed at: {' '.join(map(str, failure.cmd))}\nMend what the lines above say, then run again.")


def set_up(purpose: str) -> None:
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        sys.exit(
            f"Python 3.11, 3.12 or 3.13 is needed; this is {sys.version.split()[0]}. Name one: make PYTHON=python3.11"
        )
    LOCAL.mkdir(exist_ok=True)
    make_virtual_environment()
    install_packages(purpose)
    install_browser_assets(purpose)


def make_virtual_environment() -> None:
    if _works(PYTHON):
        return
    _say("Making a virtual environment")
    try:
        venv.create(VENV, clear=True, with_pip=True, symlinks=True)
    except subprocess.CalledProcessError:
        sys.exit("This Python cannot make virtual environments with pip (on Debian and Ubuntu: package python3-venv).")


def install_packages(purpose: str) -> None:
    """Make the environment equal to the lock. A test environment serves the demo too, so it is not taken apart."""
    if any(_packages(wider).is_current for wider in _at_least(purpose)):
        return
    lock = REQUIREMENTS / "bootstrap.txt"
    uv = Stamp(file=VENV / ".uv", made_from=fingerprint([lock]))
    if not uv.is_current:
        fetch = ["pip", "install", "-q", "--require-hashes", "-r", str(lock)]
        _run("Fetching the installer", [PYTHON, "-m", *fetch])
        uv.set()
    install = ["pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON]
    _run("Installing Python packages", [str(VENV_BIN / "uv"), *install, *map(str, _lock_files(purpose))])
    _packages(purpose).set()


def install_browser_assets(purpose: str) -> None:
    if any(_assets(wider).is_current for wider in _at_least(purpose)):
        return
    install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    leave = ["--omit=dev"] if purpose == "demo" else []
    _run("Installing browser assets", [*npm(), *install, *leave])
    _assets(purpose).set()


def _packages(purpose: str) -> Stamp:
    return Stamp(file=VENV / ".packages", made_from=fingerprint(_lock_files(purpose), purpose))


def _assets(purpose: str) -> Stamp:
    return Stamp(file=NODE_MODULES / ".assets", made_from=fingerprint([ROOT / "package-lock.json"], purpose))


def _lock_files(purpose: str) -> list[Path]:
    names = [LOCKS[purpose], *([] if has_node() else ["node.txt"])]
    return [REQUIREMENTS / name for name in names]


def _at_least(purpose: str) -> list[str]:
    purposes = list(LOCKS)
    return purposes[purposes.index(purpose) :]


def _works(python: str) -> bool:
    version = ["-c", "import sys; print(*sys.version_info[:2])"]
    try:
        done = subprocess.run([python, *version], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return done.stdout.split() == [str(part) for part in sys.version_info[:2]]


def _run(what: str, command: list[str]) -> None:
    _say(what)
    start = time.monotonic()
    subprocess.run(command, cwd=ROOT, env=installer_environment(), stdin=subprocess.DEVNULL, check=True)
    _say(f"  done in {time.monotonic() - start:.1f} s")


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    os.umask(0o022)
    main(sys.argv[1] if len(sys.argv) > 1 else "demo")

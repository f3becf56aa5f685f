"""`make lint`: every gate, as many at a time as there are cores; tells at the end which failed."""

import os
import secrets
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from deploy.local.paths import LOCAL, ROOT, VENV_BIN

PYTHON_CODE = ("apps", "referral_portal", "deploy", "tests", "manage.py")
SCHEMA = "docs/openapi.yaml"


def production() -> dict[str, str]:
    """A production machine's environment, as far as checks that touch no server need it."""
    return {
        "ENVIRONMENT": "production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "TENANCY_KEY": secrets.token_hex(32),
        "DATABASE_URL": "postgres://portal_web@127.0.0.1:9/portal",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "ALLOWED_HOSTS": "portal.example",
        "SITE_URL": "https://portal.example",
        "LOG_LEVEL": "WARNING",
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    name: str
    commands: tuple[tuple[str, ...], ...]
    environment: dict[str, str] = field(default_factory=dict)
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    gate: Gate
    passed: bool
    output: str
    seconds: float


def gates() -> list[Gate]:
    """The slowest first, so that no core waits for it at the end."""
    manage, schema = (str(VENV_BIN / "python"), "manage.py"), str(LOCAL / "openapi.yaml")
    return [
        Gate(name="types", commands=(("mypy", *PYTHON_CODE),)),
        Gate(
            name="API schema",
            commands=(
                (*manage, "spectacular", "--validate", "--fail-on-warn", "--file", schema),
                ("diff", "-u", SCHEMA, schema),
            ),
            hint=f"`make schema` writes {SCHEMA}; commit it with the change that caused it.",
        ),
        Gate(name="templates", commands=(("djlint", "templates", "--check", "--lint", "--quiet"),)),
        Gate(
            name="migrations",
            commands=((*manage, "makemigrations", "--check", "--dry-run"),),
            environment={"PYTHONWARNINGS": "ignore::RuntimeWarning"},  # it would like to ask a database, and need not
            hint="`manage.py makemigrations` writes the missing ones.",
        ),
        Gate(name="deployment", commands=((*manage, "check", "--deploy", "--fail-level", "WARNING"),)),
        Gate(name="floors", commands=(("lint-imports", "--no-cache"),)),
        Gate(name="style", commands=(("ruff", "check", *PYTHON_CODE),), hint="`ruff check --fix` mends most of it."),
        Gate(name="format", commands=(("ruff", "format", "--check", *PYTHON_CODE),), hint="`make format` mends it."),
    ]


def judge(gate: Gate) -> Outcome:
    start = time.monotonic()
    path = f"{VENV_BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    environment = {**os.environ, "PATH": path, **production(), **gate.environment}
    output = ""
    for command in gate.commands:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        output += done.stdout + done.stderr
        if done.returncode:
            return Outcome(gate=gate, passed=False, output=output, seconds=time.monotonic() - start)
    return Outcome(gate=gate, passed=True, output=output, seconds=time.monotonic() - start)


def main() -> int:
    failed = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for judged in as_completed([pool.submit(judge, gate) for gate in gates()]):
            outcome = judged.result()
            print(
                f"{'passed' if outcome.passed else 'FAILED'}  {outcome.gate.name} ({outcome.seconds:.1f} s)", flush=True
            )
            if not outcome.passed:
                failed.append(outcome)
    for outcome in failed:
        print(f"\n--- {outcome.gate.name}\n{outcome.output.strip()}\n{outcome.gate.hint}".rstrip())
    if failed:
        print(f"\nGates that failed: {', '.join(outcome.gate.name for outcome in failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

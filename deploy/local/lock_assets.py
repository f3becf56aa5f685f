"""Writes package-lock.json without addresses: hashes say what is meant, the machine says where it comes from."""

import json
import subprocess

from deploy.local.machine import installer_environment, npm
from deploy.local.paths import ROOT


def main() -> None:
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    command = [*npm(), "install", "--package-lock-only", "--omit-lockfile-registry-resolved", *quiet]
    subprocess.run(command, cwd=ROOT, env=installer_environment(), check=True)
    path = ROOT / "package-lock.json"
    lock = json.loads(path.read_text())
    for package in lock["packages"].values():
        package.pop("resolved", None)
        package.pop("funding", None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

"""Stops the servers under `.local/` and removes everything that set-up made."""

import os
import shutil

from deploy.local.paths import LOCAL, NODE_MODULES, ROOT, VENV
from deploy.local.services import services
from deploy.local.shelter import remove_shelter


def main() -> None:
    if VENV.is_dir():
        for state in LOCAL.glob("*/state.json"):
            services(state.parent.name).stop()
    for generated in (LOCAL, NODE_MODULES):
        shutil.rmtree(generated, ignore_errors=True)
    for compiled in (ROOT / "referral_portal" / "locale").rglob("*.mo"):
        compiled.unlink()
    if os.geteuid() == 0:
        remove_shelter()


if __name__ == "__main__":
    main()

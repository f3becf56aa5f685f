"""`make test`: the gates, then every test, with servers of their own. Arguments go to pytest."""

import os
import sys

from deploy.local import lint
from deploy.local.assets import make_assets
from deploy.local.ports import ServiceFailed
from deploy.local.processes import PYTHON, end_in_order, run
from deploy.local.services import running


def main(arguments: list[str]) -> int:
    end_in_order()
    gates = lint.main()
    if gates:
        return gates
    try:
        with running("test", durable=False) as services:
            environment = {**services.environment(), "ENVIRONMENT": "test"}
            make_assets(environment)
            workers = ["-n", os.environ.get("PYTEST_WORKERS") or "2"]
            return run([PYTHON, "-m", "pytest", *workers, *arguments], environment)
    except ServiceFailed as failure:
        sys.exit(str(failure))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

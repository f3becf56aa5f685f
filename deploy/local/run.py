"""Runs one command with a pair of servers beside it: `python -m deploy.local.run [--durable] NAME COMMAND ...`."""

import argparse
import sys

from deploy.local.ports import ServiceFailed
from deploy.local.processes import end_in_order, run
from deploy.local.services import running


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--durable", action="store_true", help="PostgreSQL waits for the disk, as in production.")
    parser.add_argument("name", help="Which pair under .local/.")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    end_in_order()
    try:
        with running(arguments.name, durable=arguments.durable) as services:
            return run(arguments.command, services.environment())
    except ServiceFailed as failure:
        sys.exit(str(failure))


if __name__ == "__main__":
    sys.exit(main())

"""Runs management commands one after the other in one process: Django takes longer to start than most of them take.

python -m deploy.local.commands "migrate --verbosity 0" sync_roles
"""

import os
import shlex
import sys

import django
from django.core.management import call_command


def main(lines: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "referral_portal.settings")
    django.setup()
    for line in lines:
        name, *arguments = shlex.split(line)
        call_command(name, *arguments)


if __name__ == "__main__":
    main(sys.argv[1:])

"""One sweep in a process of its own, organisation by organisation, as the worker's role: `python -m … ISO-TIME`."""

import sys
from datetime import datetime

import django

if __name__ == "__main__":
    django.setup()
    from apps.deadlines import services
    from apps.deadlines.services import waiting

    waiting.MOST_ORGANISATIONS = 1
    services.chase(at=datetime.fromisoformat(sys.argv[1]))

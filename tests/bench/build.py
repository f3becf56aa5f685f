"""`python -m tests.bench.build ITEMS`: migrate the database of this environment, fill it, print what to knock with."""

import json
import os
import sys

os.environ.update(ENVIRONMENT="test", PORTAL_AS_OWNER="1", DJANGO_SETTINGS_MODULE="referral_portal.settings")


def main(items: int) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    from tests.bench import world

    keys = world.build(items)
    keys["cookie"] = world.session_of(keys["reader_id"])
    sys.stdout.write(json.dumps(keys))


if __name__ == "__main__":
    main(int(sys.argv[1]))

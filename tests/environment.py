"""Loaded before Django's settings (`-p tests.environment`): the environment every test process runs in.

`make test` has started the servers and named them; a bare `python -m pytest` starts a pair of its own under `.local/`
and leaves it running for the next time (`python -m deploy.local.services down test` ends it).
"""

import os

from deploy.local.services import services

if "DATABASE_OWNER_URL" not in os.environ:
    pair = services("test", durable=False)
    pair.start()
    os.environ.update(pair.environment())

os.environ.update(
    ENVIRONMENT="test",
    PORTAL_AS_OWNER="1",  # tables are made by their owner; whoever acts is lowered to the runtime role
    STATIC_STORAGE="django.contrib.staticfiles.storage.StaticFilesStorage",
    STATIC_ROOT="static",  # WhiteNoise wants a directory that exists; nothing is collected for tests
    SITE_URL="http://portal.example",
)

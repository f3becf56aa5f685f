import re

import pytest

from tests.verification.site import serve


@pytest.fixture
def open_egress(settings):
    """The checker may go out, and the one machine it can reach is this one."""
    settings.CHECKER_DIRECT = True
    settings.CHECKER_PROXY_URL = ""
    settings.OUTGOING_MAY_REACH_LOOPBACK = True
    settings.CHECKER_GAP_SECONDS = 0


@pytest.fixture
def site(httpserver, open_egress):
    httpserver.expect_request(re.compile("/.*")).respond_with_handler(serve)
    return httpserver

"""Chromium from wherever the machine has one, and what every page must keep: no console message, no axe violation."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from apps.accounts.models import User
from deploy.local.chromium import chromium
from tests.browser.axe import broken_rules
from tests.browser.complaints import listen
from tests.browser.looking import WIDE

# The browser talks to nobody but the page under test.
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", *QUIET]

PATIENCE = 15_000  # milliseconds, for a slow machine; what is not there by then does not come


@pytest.fixture(scope="session", autouse=True)
def allow_the_database() -> None:
    """Playwright keeps an event loop in this thread; Django would take the tests for asynchronous code."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def base_url() -> None:
    """Pages are named by `live_server`. (The plugin's own fixture of this name is one that pytest 9 warns of.)"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path, environment = chromium()
    return {
        **browser_type_launch_args,
        "executable_path": path,
        "env": {**os.environ, **environment},
        "args": ARGUMENTS,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "en-GB", "viewport": WIDE, "reduced_motion": "reduce"}


@pytest.fixture(autouse=True)
def console(page: Page) -> Iterator[list[str]]:
    """Whatever the browser complains about, a broken Content-Security-Policy first of all, fails the test."""
    page.set_default_timeout(PATIENCE)
    said = listen(page)
    yield said
    assert said == []


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """`assert axe(page) == []`: the broken rules of WCAG 2.2 AA, each with the elements that break it."""
    return broken_rules


@pytest.fixture
def signed_in(context: BrowserContext, live_server: Any) -> Callable[[User | None], None]:
    """`signed_in(user)`: the browser is that person from now on; `signed_in(None)`: nobody."""

    def become(user: User | None) -> None:
        context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        if user:
            context.add_cookies([session_cookie(user, live_server.url)])

    return become


def session_cookie(user: User, address: str) -> Any:
    client = Client()
    client.force_login(user)
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": address,
    }

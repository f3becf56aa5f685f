"""Chromium from wherever the machine has one, and what every page must keep: no console message, no axe violation."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from deploy.local.chromium import chromium

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session", autouse=True)
def allow_the_database() -> None:
    """Playwright keeps an event loop in this thread; Django would take the tests for asynchronous code."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def base_url() -> None:
    """Pages are named by `live_server`. (The plugin's own fixture of this name is one that pytest 9 warns of.)"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path, environment = chromium()
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    return {
        **browser_type_launch_args,
        "executable_path": path,
        "env": {**os.environ, **environment},
        "args": arguments,
    }


@pytest.fixture(autouse=True)
def console(page: Page) -> Iterator[list[str]]:
    """Whatever the browser complains about, a broken Content-Security-Policy first of all, fails the test."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield said
    assert said == []


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """`assert axe(page) == []`: the broken rules of WCAG 2.2 AA, each with the elements that break it."""

    def broken_rules(page: Page) -> list[str]:
        found = Axe().run(page, options={"runOnly": STANDARDS, "resultTypes": ["violations"]})
        return [f"{rule['id']}: {[node['html'] for node in rule['nodes']]}" for rule in found.response["violations"]]

    return broken_rules

"""The lock files are what a machine installs: complete, hashed, and silent about where things come from."""

import json
import re
import tomllib

import pytest

from deploy.local.paths import REQUIREMENTS, ROOT

LOCKS = sorted(REQUIREMENTS.glob("*.txt"))


def pinned(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[^]]+])?==(\S+)", (REQUIREMENTS / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
class TestPythonLock:
    def test_has_a_hash_for_every_package(self, lock):
        entries = re.split(r"^(?=[a-z0-9-]+(?:\[[^]]+])?==)", lock.read_text(), flags=re.MULTILINE)[1:]
        assert entries
        assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []

    def test_names_no_address_and_no_path(self, lock):
        assert re.findall(r"https?://|--index|--find-links|file:|/(?:home|root)/", lock.read_text()) == []


class TestWhatIsLocked:
    def test_every_dependency_of_the_project_is(self):
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        extras = project["optional-dependencies"]
        named = project["dependencies"] + extras["local"] + extras["dev"]
        names = {re.split(r"[^A-Za-z0-9-]", dependency, maxsplit=1)[0].lower() for dependency in named}
        assert names - pinned("dev.txt").keys() == set()

    def test_tests_run_on_what_production_runs_on(self):
        assert pinned("runtime.txt").items() <= pinned("local.txt").items() <= pinned("dev.txt").items()

    def test_every_list_of_dependencies_opens_with_a_reason(self):
        project = (ROOT / "pyproject.toml").read_text().partition("\n[tool.")[0]
        first_lines = re.findall(r"^[a-z]+ = \[\n *(.)", project, re.MULTILINE)
        assert first_lines == ["#"] * 3


class TestBrowserAssets:
    def test_have_hashes_and_no_addresses(self):
        lock = json.loads((ROOT / "package-lock.json").read_text())
        packages = {name: package for name, package in lock["packages"].items() if name}
        assert packages
        assert [name for name, package in packages.items() if not package.get("integrity")] == []
        assert "http" not in json.dumps(lock)

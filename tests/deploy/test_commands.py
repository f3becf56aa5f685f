import re
import socket
import subprocess
import sys

import pytest

from deploy.local import chromium as browser
from deploy.local import lint
from deploy.local.lint import Gate
from deploy.local.paths import ROOT
from deploy.local.ports import ServiceFailed, free_port, wait_until

MAKEFILE = (ROOT / "Makefile").read_text()


class TestMakefile:
    def test_help_lists_every_target(self):
        shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        targets = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
        assert targets is not None
        assert re.findall(r"^  make (\w+)", shown, re.MULTILINE) == targets[1].split()

    def test_every_program_it_runs_exists(self):
        modules = re.findall(r"-m deploy\.local\.(\w+)|\$\(LOCAL\)\.(\w+)", MAKEFILE)
        assert len(modules) >= 8
        missing = [a or b for a, b in modules if not (ROOT / "deploy" / "local" / f"{a or b}.py").is_file()]
        assert missing == []

    def test_continuous_integration_runs_what_people_run(self):
        assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "exec make test"


class TestLint:
    def test_runs_every_gate_and_names_those_that_fail(self, monkeypatch, capsys):
        good = Gate(name="good", commands=((sys.executable, "-c", "print('fine')"),))
        bad = Gate(name="bad", commands=((sys.executable, "-c", "raise SystemExit('broken here')"),), hint="Mend it.")
        monkeypatch.setattr(lint, "gates", lambda: [bad, good])
        assert lint.main() == 1
        shown = capsys.readouterr().out
        assert "passed  good" in shown
        assert "broken here\nMend it." in shown
        assert shown.endswith("Gates that failed: bad.\n")

    def test_a_gate_stops_at_its_first_failure(self):
        never = (sys.executable, "-c", "print('went on')")
        outcome = lint.judge(Gate(name="two steps", commands=((sys.executable, "-c", "raise SystemExit(3)"), never)))
        assert not outcome.passed
        assert "went on" not in outcome.output


class TestChromium:
    def test_the_one_that_is_named_wins(self, monkeypatch):
        monkeypatch.setenv("CHROMIUM", "/opt/own/chrome")
        assert browser.chromium() == ("/opt/own/chrome", {})

    def test_an_installed_one_comes_before_the_packaged_one(self, monkeypatch, tmp_path):
        monkeypatch.delenv("CHROMIUM", raising=False)
        installed = tmp_path / "google-chrome"
        installed.touch(mode=0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        assert browser.chromium() == (str(installed), {})

    def test_the_packaged_one_brings_its_libraries(self, monkeypatch, tmp_path):
        monkeypatch.delenv("CHROMIUM", raising=False)
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setenv("LD_LIBRARY_PATH", "/own/lib")
        monkeypatch.setattr(browser, "UNPACKED", tmp_path)
        (tmp_path / "chromium").touch()
        path, variables = browser.chromium()
        assert path == str(tmp_path / "chromium")
        assert variables["LD_LIBRARY_PATH"] == f"{tmp_path}/al2023/lib:/own/lib"


class TestPorts:
    def test_a_taken_port_is_not_given_again(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            assert free_port(preferred=port) != port

    def test_waiting_ends_with_the_reason(self):
        with pytest.raises(ServiceFailed, match="It never came"):
            wait_until(lambda: False, seconds=0, failure="It never came.")

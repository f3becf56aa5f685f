import ast
import os
import stat
import sys

import pytest

from deploy.local import bootstrap, machine, shelter
from deploy.local.paths import LOCAL, ROOT
from deploy.local.shelter import Account

ON_A_BARE_MACHINE = ("bootstrap", "machine", "paths", "stamps")


class TestBareMachine:
    @pytest.mark.parametrize("name", ON_A_BARE_MACHINE)
    def test_set_up_imports_the_standard_library_only(self, name):
        tree = ast.parse((ROOT / "deploy" / "local" / f"{name}.py").read_text())
        imports = {
            (node.module if isinstance(node, ast.ImportFrom) else alias.name) or ""
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        ours = {f"deploy.local.{other}" for other in ON_A_BARE_MACHINE}
        assert {name for name in imports - ours if name.partition(".")[0] not in sys.stdlib_module_names} == set()

    def test_a_python_that_is_too_old_is_told_so(self, monkeypatch):
        monkeypatch.setattr(sys, "version_info", (3, 9, 2))
        with pytest.raises(SystemExit, match=r"Python 3\.11, 3\.12 or 3\.13 is needed"):
            bootstrap.set_up("demo")

    def test_old_node_counts_as_none(self, monkeypatch, tmp_path):
        for name, answer in (("node", "v16.20.2"), ("npm", "8.1.0")):
            (tmp_path / name).write_text(f"#!/bin/sh\necho {answer}\n")
            (tmp_path / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        assert not machine.has_node()
        (tmp_path / "node").write_text("#!/bin/sh\necho v22.1.0\n")
        assert machine.has_node()

    def test_the_machines_own_certificate_settings_win(self, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", "own.pem")
        assert machine.installer_environment()["SSL_CERT_FILE"] == "own.pem"

    def test_caches_stay_in_the_checkout_where_there_is_no_home(self, monkeypatch, tmp_path):
        monkeypatch.setenv("HOME", str(tmp_path / "missing"))
        monkeypatch.delenv("UV_CACHE_DIR", raising=False)
        assert machine.installer_environment()["UV_CACHE_DIR"] == str(LOCAL / "cache" / "uv")


class TestShelter:
    def test_a_directory_is_open_only_if_every_parent_lets_others_through(self, tmp_path):
        inner = tmp_path / "closed" / "inner"
        inner.mkdir(parents=True)
        for path in (inner, inner.parent):
            path.chmod(0o755)
        inner.parent.chmod(0o700)
        assert not shelter.is_open_to_others(inner)

    def test_whoever_is_not_root_keeps_everything_in_the_checkout(self, tmp_path):
        home = tmp_path / "cluster"
        assert shelter.reachable_home(home, account=Account(uid=None, gid=None)) == home

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the database as somebody else")
    def test_a_program_in_a_closed_directory_is_copied_once_and_opened(self, tmp_path, monkeypatch):
        monkeypatch.setattr(shelter, "shelter_root", lambda: tmp_path / "shelter")
        (tmp_path / "shelter").mkdir()
        closed = tmp_path / "site-packages"
        prefix, libraries = closed / "package" / "pginstall", closed / "package.libs"
        (prefix / "bin").mkdir(parents=True)
        libraries.mkdir()
        program = prefix / "bin" / "postgres"
        program.touch(mode=0o700)
        closed.chmod(0o700)
        account = shelter.database_account()
        copy = shelter.reachable_program(prefix, libraries, account=account)
        assert copy.is_relative_to(tmp_path / "shelter")
        assert (copy / "bin" / "postgres").stat().st_mode & stat.S_IXOTH
        assert shelter.reachable_program(prefix, libraries, account=account) == copy
        assert not program.stat().st_mode & stat.S_IXOTH

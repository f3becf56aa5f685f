"""PostgreSQL refuses to run as root, as containers do. Then it runs as `nobody`, in files that account can reach.

The checkout itself may be closed to other accounts (a private home, a `mktemp -d`). We do not open up directories
that are not ours: program and data then live in a directory under the system's temporary files, named after the
checkout, owned by root.
"""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from deploy.local.paths import LOCAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The account that runs the database server; None stands for "whoever runs us"."""

    uid: int | None
    gid: int | None

    def own(self, path: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def database_account() -> Account:
    if os.geteuid() != 0:
        return Account(uid=None, gid=None)
    entry = pwd.getpwnam("nobody")
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def is_open_to_others(path: Path) -> bool:
    """Whether any account may walk down to the directory and look into it."""
    may_walk = all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents)
    may_look = stat.S_IROTH | stat.S_IXOTH
    return may_walk and path.stat().st_mode & may_look == may_look


def reachable_home(home: Path, *, account: Account) -> Path:
    """The directory itself if the database account can reach it, else its counterpart among the temporary files."""
    home.mkdir(parents=True, exist_ok=True)
    if account.uid is None or is_open_to_others(home):
        return home
    counterpart = shelter_root() / home.relative_to(LOCAL)
    counterpart.mkdir(mode=0o755, parents=True, exist_ok=True)
    return counterpart


def reachable_program(prefix: Path, libraries: Path, *, account: Account) -> Path:
    """The program's directory if the database account can reach it, else that of a copy (made once)."""
    if account.uid is None or (is_open_to_others(prefix) and is_open_to_others(libraries)):
        return prefix
    top = prefix.parents[1]
    copy = shelter_root() / "program" / hashlib.sha256(str(prefix.stat().st_mtime_ns).encode()).hexdigest()[:10]
    if not copy.exists():
        unfinished = Path(tempfile.mkdtemp(dir=shelter_root()))
        for source in (prefix, libraries):
            shutil.copytree(source, unfinished / source.relative_to(top), symlinks=True)
        _open(unfinished)
        copy.parent.mkdir(mode=0o755, exist_ok=True)
        unfinished.rename(copy)
    return copy / prefix.relative_to(top)


def shelter_root() -> Path:
    """A directory of root's own outside the checkout; the same one each time for the same checkout."""
    name = f"referral-portal-{hashlib.sha256(str(LOCAL).encode()).hexdigest()[:10]}"
    candidates = [Path("/var/tmp"), Path(tempfile.gettempdir())]  # noqa: S108 -- whose it is, is checked below
    parent = next(path for path in candidates if path.is_dir() and not os.statvfs(path).f_flag & os.ST_NOEXEC)
    root = parent / name
    root.mkdir(mode=0o755, exist_ok=True)
    status = root.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        raise PermissionError(f"{root} belongs to somebody else; remove it and start again.")
    root.chmod(0o755)
    return root


def remove_shelter() -> None:
    if os.geteuid() == 0:
        shutil.rmtree(shelter_root())


def _open(top: Path) -> None:
    """Let everybody read a tree, and run what is executable."""
    for path in (top, *top.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | 0o055 if path.is_dir() or mode & stat.S_IXUSR else mode | 0o044)

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from deploy.local.machine import node
from deploy.local.paths import LOCAL, ROOT
from deploy.local.ports import ServiceFailed

INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
UNPACKED = LOCAL / "chromium"


def chromium() -> tuple[str, dict[str, str]]:
    """A Chromium and the environment variables it needs: `$CHROMIUM`, an installed one, else the npm package's."""
    own = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, INSTALLED)), None)
    if own:
        return own, {}
    if not (UNPACKED / "chromium").is_file():
        _unpack()
    libraries = [str(UNPACKED / "al2023" / "lib"), *filter(None, [os.environ.get("LD_LIBRARY_PATH")])]
    fonts = {} if Path("/etc/fonts/fonts.conf").is_file() else {"FONTCONFIG_PATH": str(UNPACKED / "fonts")}
    return str(UNPACKED / "chromium"), {"LD_LIBRARY_PATH": os.pathsep.join(libraries), **fonts}


def _unpack() -> None:
    """Several test processes may come here at once: each unpacks for itself, the first one's is kept."""
    LOCAL.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=LOCAL, prefix="chromium-"))
    script = Path(__file__).with_suffix(".mjs")
    environment = {**os.environ, "TMPDIR": str(folder)}
    done = subprocess.run([*node(), script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(folder)
        raise ServiceFailed(f"There is no Chromium to test with. Run `make setup`. {done.stderr.strip()}")
    folder.chmod(0o755)
    try:
        folder.rename(UNPACKED)
    except OSError:
        shutil.rmtree(folder)

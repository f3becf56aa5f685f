from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
VENV = LOCAL / "venv"
VENV_BIN = VENV / "bin"
REQUIREMENTS = ROOT / "requirements"
NODE_MODULES = ROOT / "node_modules"

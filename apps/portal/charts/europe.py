import json
import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class State:
    """One member state's outline; `is_small`: needs a marker to be seen at all."""

    path: str
    x: float
    y: float
    is_small: bool


@dataclass(frozen=True, slots=True)
class EuropeMap:
    """The drawing `build_map` made: 27 states by ISO 3166-1 code, and the neighbours as background."""

    width: int
    height: int
    states: dict[str, State]
    neighbours: tuple[str, ...]


def map_path() -> Path:
    """Where the generated map lies."""
    default = Path(settings.BASE_DIR) / ".local" / "eu-map.json"
    return Path(getattr(settings, "EU_MAP_PATH", default))


def load_map() -> EuropeMap | None:
    """The map, or None where it was not built: figures then stand in a table."""
    path = map_path()
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        logger.info("map.missing path=%s", path)
        return None


@lru_cache(maxsize=2)
def _read(path: Path, changed_at: int) -> EuropeMap:  # `changed_at` makes a rebuilt map a new cache entry
    data = json.loads(path.read_text(encoding="utf-8"))
    states = {code: State(**fields) for code, fields in data["states"].items()}
    return EuropeMap(data["width"], data["height"], states, tuple(data["neighbours"]))

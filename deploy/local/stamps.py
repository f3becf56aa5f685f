import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


def fingerprint(paths: Iterable[Path], *facts: str) -> str:
    """One hash of the contents of files and folders, and of facts that are no files."""
    digest = hashlib.sha256("\0".join(facts).encode())
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and file.parent.name != "__pycache__":
                digest.update(f"\0{file.relative_to(path)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Marks a product as made from something. Lies inside the product, so that both vanish together."""

    file: Path
    made_from: str

    @property
    def is_current(self) -> bool:
        return self.file.is_file() and self.file.read_text() == self.made_from

    def set(self) -> None:
        self.file.write_text(self.made_from)

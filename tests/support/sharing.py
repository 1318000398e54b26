"""What one process of a test run has worked out, no other works out again: in this run, and in later ones of the same sources."""

import hashlib
from pathlib import Path

import jinja2
import pytest

ROOT = Path(__file__).parents[2]
MOST = 1 << 20  # bytes


def digest(*parts: bytes) -> str:
    """A short name for ``parts``; other parts have another."""
    return hashlib.blake2b(b"\0".join(parts), digest_size=10).hexdigest()


class Known:
    """Digests; once shared, in a file to which every process appends."""

    def __init__(self) -> None:
        self.path: Path | None = None
        self.read, self.digests = 0, set[str]()

    def share(self, path: Path) -> None:
        """Add what stands in the file at ``path``, and add to it from now on."""
        if path.exists() and path.stat().st_size > MOST:
            path.write_text("")
        path.touch()
        self.path, self.read = path, 0

    def __contains__(self, wanted: str) -> bool:
        if wanted not in self.digests and self.path and self.path.stat().st_size != self.read:
            text = self.path.read_text()
            self.read, self.digests = len(text), self.digests | set(text.split())
        return wanted in self.digests

    def add(self, found: str) -> None:
        self.digests.add(found)
        if self.path:
            with self.path.open("a") as file:
                file.write(f"{found}\n")


def shared_folder(config: pytest.Config, name: str) -> Path | None:
    """A folder in ``.pytest_cache``; none where pytest keeps no cache."""
    cache = getattr(config, "cache", None)
    return cache.mkdir(name) if cache else None


def compiled_templates(folder: Path) -> jinja2.BytecodeCache:
    """Compiled templates. The compiler works out what is constant, filters too, so they hang on all of the site's code."""
    sources = [path.read_bytes() for path in sorted((ROOT / "app").rglob("*.py"))]
    now = digest(jinja2.__version__.encode(), *sources)
    for path in folder.iterdir():
        if not path.name.startswith(now):
            path.unlink(missing_ok=True)
    return jinja2.FileSystemBytecodeCache(str(folder), f"{now}-%s")

"""Static files with a name that changes with their content, so that a browser may keep them for ever.

The CSS sources are joined at start-up, in the orders of four files: what every page needs, what only pages of work need (the
report, the desk, letters), what only maps need, and what only choosing a time at the clinic needs. They and our own scripts are
sent without their comments. Nothing is built at install. Everything is compressed once, in memory.
"""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import brotli

FOREVER = "public, max-age=31536000, immutable"
COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)
REMARK = re.compile(rb"^[ \t]*//.*\n", re.MULTILINE)  # a line of a script that is nothing else
SPACE = re.compile(rb"\s*\n\s*")
MARK = re.compile(rb"\s*([{};,>])\s*")
COLON = re.compile(rb":\s+")
SHEETS = {
    "simpul.css": "ORDER",
    "work.css": "ORDER_WORK",
    "map.css": "ORDER_MAP",
    "clinic.css": "ORDER_CLINIC",
}
PACKED = {".css", ".js", ".svg", ".json", ".webmanifest"}
TYPES = {".webp": "image/webp"}  # what Python does not know everywhere
SERVED = {".svg", ".png", ".webp", ".ico", ".json"}
IMPORTED = re.compile(rb"""(from\s*|import\s*\(?\s*)(["'])(\.\.?/[\w./-]+\.js)\2""")


@dataclass(frozen=True)
class Asset:
    """One file ready to be sent: its address under /static/, type, bytes, and the bytes packed."""

    address: str
    mimetype: str
    content: bytes

    @cached_property
    def packed(self) -> dict[str, bytes]:
        """Encoding → bytes, for text only; empty for fonts and pictures."""
        if Path(self.address).suffix not in PACKED:
            return {}
        return {
            "br": brotli.compress(self.content, quality=11),
            "gzip": gzip.compress(self.content, 9, mtime=0),
        }


class Assets:
    """All files of ``folder``, each under its hashed address. ``assets(name)`` gives the address of a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.by_name: dict[str, Asset] = {}
        for name, order in SHEETS.items():
            self._add(name, self._joined_css(order))
        scripts = [path for part in ("js", "vendor") for path in (folder / part).rglob("*.js")]
        for path in _imports_last(sorted(scripts)):
            self._add(path.relative_to(folder).as_posix(), self._with_hashed_imports(path))
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in SERVED and path.parent.name != "icons":
                self._add(path.relative_to(folder).as_posix(), path.read_bytes())
        self.by_address = {asset.address: asset for asset in self.by_name.values()}

    def __call__(self, name: str) -> str:
        return "/static/" + self.by_name[name].address

    def _add(self, name: str, content: bytes) -> None:
        digest = hashlib.sha256(content).hexdigest()[:10]
        stem, dot, suffix = name.rpartition(".")
        mimetype = TYPES.get(dot + suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        self.by_name[name] = Asset(f"{stem}.{digest}{dot}{suffix}", mimetype, content)

    def _joined_css(self, order: str) -> bytes:
        css = self.folder / "css"
        names = (css / order).read_text().split()
        joined = b"\n".join((css / name).read_bytes() for name in names)
        bare = SPACE.sub(b"\n", COMMENT.sub(b"", joined)).strip()
        return COLON.sub(b":", MARK.sub(rb"\1", bare)).replace(b";}", b"}")

    def _with_hashed_imports(self, path: Path) -> bytes:
        def hashed(match: re.Match[bytes]) -> bytes:
            written = match[3].decode()
            name = _imported(path, match).relative_to(self.folder.resolve()).as_posix()
            hashed_name = self.by_name[name].address.rpartition("/")[2]
            return match[1] + match[2] + f"{written.rpartition('/')[0]}/{hashed_name}".encode() + match[2]

        script = path.read_bytes()
        return IMPORTED.sub(
            hashed, script if path.is_relative_to(self.folder / "vendor") else REMARK.sub(b"", script)
        )


def _imported(path: Path, match: re.Match[bytes]) -> Path:
    """The file that an import in ``path`` names."""
    return (path.parent / match[3].decode()).resolve()


def _imports_last(paths: Iterable[Path]) -> list[Path]:
    """Modules ordered so that each stands after those that it imports."""
    waiting = {path.resolve(): path for path in paths}
    needs = {
        name: {_imported(path, match) for match in IMPORTED.finditer(path.read_bytes())}
        for name, path in waiting.items()
    }
    ordered: list[Path] = []
    while waiting:
        ready = sorted(name for name in waiting if not needs[name] & waiting.keys())
        if not ready:
            raise ValueError(
                f"scripts import each other in a circle: {[path.name for path in waiting.values()]}"
            )
        ordered += [waiting.pop(name) for name in ready]
    return ordered

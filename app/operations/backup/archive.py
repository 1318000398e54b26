"""The file of a backup: a gzipped tar that any computer opens (sealed as a whole under a passphrase), written and read as a
stream. It holds ``isi.json`` (what is in it), then ``simpul.db`` or ``simpul.dump``; a sealed one also the site's key.
"""

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from app.core.errors import RuleBroken
from app.core.text import N_
from app.operations.backup.folder import owner_only
from app.operations.backup.rules import Note
from app.operations.backup.sealing import Damaged, Reads, Sealer, Unsealer, Writes, is_sealed

CONTENTS, KEY = "isi.json", "secret.key"
DATABASE = {"sqlite": "simpul.db", "postgresql": "simpul.dump"}
AT_ONCE = 1 << 20  # bytes
LONGEST_NOTE = 1 << 20  # bytes
GZIP = 31  # zlib's window bits for the format that gunzip reads


class Measured:
    """Passes bytes on, and knows how many and their digest."""

    def __init__(self, out: Writes) -> None:
        self._out, self.size, self._digest = out, 0, hashlib.sha256()

    def write(self, data: bytes, /) -> None:
        """Pass ``data`` on."""
        self._out.write(data)
        self._digest.update(data)
        self.size += len(data)

    @property
    def digest(self) -> str:
        """SHA-256 of what has passed."""
        return self._digest.hexdigest()


class Packer(io.RawIOBase):
    """Gzip that, unlike the standard library's, leaves its output alone when it is dropped half-way."""

    def __init__(self, out: Writes, level: int) -> None:
        self._out, self._packer, self._place = out, zlib.compressobj(level, wbits=GZIP), 0

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        """Pack ``data``."""
        self._out.write(self._packer.compress(data))
        self._place += len(data)
        return len(data)

    def tell(self) -> int:
        """Bytes so far, before packing."""
        return self._place

    def finish(self) -> None:
        """The end of the stream."""
        self._out.write(self._packer.flush())


def pack(target: Path, note: Note, database: Path, *, passphrase: str, key: str) -> Note:
    """Write ``database`` and what is noted about it to ``target``, which must not exist, and on to the disk. Returns the note
    with size and digest. Raises OSError when the disk refuses; ``target`` is then for the caller to remove.
    """
    with open(target, "xb", opener=owner_only) as file:
        measured = Measured(file)
        sealer = Sealer(measured, passphrase) if passphrase else None
        packer = Packer(sealer or measured, 6 if note.database == "sqlite" else 1)
        tar = tarfile.TarFile(fileobj=packer, mode="w")
        _add(tar, CONTENTS, json.dumps(note.to_json(), indent=1).encode(), note)
        if passphrase:
            _add(tar, KEY, key.encode(), note)
        with database.open("rb") as source:
            info = _info(DATABASE[note.database], database.stat().st_size, note)
            tar.addfile(info, source)
        tar.close()
        packer.finish()
        if sealer:
            sealer.finish()
        file.flush()
        os.fsync(file.fileno())
    return replace(note, size=measured.size, digest=measured.digest)


def _info(name: str, size: int, note: Note) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, int(note.made_at.timestamp())
    return info


def _add(tar: tarfile.TarFile, name: str, content: bytes, note: Note) -> None:
    tar.addfile(_info(name, len(content), note), io.BytesIO(content))


@dataclass(frozen=True)
class Unpacked:
    """What was in a backup: its note, its database as a file, the site's key where it holds one."""

    note: Note
    database: Path
    key: str


def needs_passphrase(file: Path) -> bool:
    """Whether ``file`` is sealed."""
    with file.open("rb") as opened:
        return is_sealed(opened.read(64))


def peek(file: Path, passphrase: str) -> Note:
    """The note inside ``file``, without reading on. Raises RuleBroken."""
    with (
        file.open("rb") as opened,
        _troubles(),
        tarfile.open(fileobj=_packed(opened, passphrase), mode="r|") as tar,
    ):
        return _note(tar)


def unpack(file: Path, folder: Path, passphrase: str) -> Unpacked:
    """Write what is in ``file`` into ``folder``. Raises Damaged unless every byte to the end is as it was written."""
    key, database = "", None
    with file.open("rb") as opened, _troubles():
        packed = _packed(opened, passphrase)
        with tarfile.open(fileobj=packed, mode="r|") as tar:
            note = _note(tar)
            for member in tar:
                content = tar.extractfile(member)
                if content and member.name == KEY:
                    key = content.read(4096).decode()
                elif content and member.name == DATABASE[note.database]:
                    database = folder / member.name
                    _copy(content, database)
        while packed.read(AT_ONCE):
            pass  # to the end: there stand the checks of the whole
    if database is None:
        raise Damaged
    return Unpacked(note, database, key)


@contextmanager
def _troubles() -> Iterator[None]:
    """Whatever a reader stumbles over means the same to people."""
    try:
        yield
    except (tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile, ValueError, KeyError) as wrong:
        raise Damaged from wrong


def _copy(source: Reads, target: Path) -> None:
    with open(target, "xb", opener=owner_only) as out:
        while piece := source.read(AT_ONCE):
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())


def _packed(opened: io.BufferedReader, passphrase: str) -> gzip.GzipFile:
    sealed = is_sealed(opened.read(64))
    opened.seek(0)
    if sealed and not passphrase:
        raise RuleBroken(
            N_("Cadangan ini disandikan. Isi SIMPUL_BACKUP_PASSPHRASE, atau ketik sandinya bila ditanya.")
        )
    source = Unsealer(opened, passphrase) if sealed else opened
    return gzip.GzipFile(fileobj=source, mode="rb")  # type: ignore[arg-type]


def _note(tar: tarfile.TarFile) -> Note:
    """The first member, which says what follows. Raises ValueError or Damaged."""
    member = tar.next()
    content = tar.extractfile(member) if member is not None and member.name == CONTENTS else None
    if content is None:
        raise Damaged
    return Note.from_json(json.loads(content.read(LONGEST_NOTE)))
